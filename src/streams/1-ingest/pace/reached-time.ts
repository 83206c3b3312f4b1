import { HOUR_MS } from '../../time.ts';

/** A quote further ahead than this leaps. */
const LEAP_MS = 2 * HOUR_MS;

/**
 * The event time that a recording has reached: the latest that a quote has named. Where a leap is to be doubted, one that
 * goes far ahead counts once the next one leaps, too: a stray date must not become the clock of everything.
 */
export class ReachedTime {
  private time: number | undefined;
  private leaptTo: number | undefined;

  /** Undefined before the first quote. */
  get reached(): number | undefined {
    return this.time;
  }

  take(time: number, isDoubtful: boolean): void {
    if (this.time === undefined) this.time = time;
    else if (time <= this.time + LEAP_MS || !isDoubtful) {
      this.time = Math.max(this.time, time);
      this.leaptTo = undefined;
    } else {
      if (this.leaptTo !== undefined) this.time = Math.min(time, this.leaptTo);
      this.leaptTo = time;
    }
  }
}
