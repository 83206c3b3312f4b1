import { HOUR_MS } from '../../time.ts';

/** How a recording is played. */
export interface Pace {
  /** Event time per wall-clock time: 720 plays an hour in five seconds. `max`: as fast as possible. */
  readonly speed: number | 'max';
  /** How much event time from the recording's beginning on comes at once, in milliseconds. */
  readonly fastForwardMs: number;
}

/** A leap of event time by more than this is one of the recording: it is not waited for. */
const LEAP_MS = 2 * HOUR_MS;
const SHORTEST_LEAP_WALL_MS = 10_000;

/**
 * When each quote of a recording is due. Quotes that come late (out of order) are due at once; so is a quote that leaps
 * far ahead, which moves the others only when the next one leaps along: else it was a stray date.
 */
export class Playback {
  private readonly speed: number;
  private readonly fastForwardMs: number;
  private first: number | undefined;
  private anchorEvent: number | undefined;
  private anchorWall = 0;
  private leaptTo: number | undefined;

  constructor(pace: Pace) {
    this.speed = pace.speed === 'max' ? Infinity : pace.speed;
    this.fastForwardMs = pace.fastForwardMs;
  }

  /** A quote that an earlier run has published: the fast forward counts from the recording's beginning. */
  skip(time: number): void {
    this.first ??= time;
  }

  /** How many milliseconds from `now` the quote of this time is to wait; 0 or less: none. */
  delay(time: number, now: number): number {
    this.first ??= time;
    if (this.speed === Infinity || time - this.first < this.fastForwardMs) return 0;
    if (this.anchorEvent === undefined) return this.anchor(time, now);
    const wait = (time - this.anchorEvent) / this.speed - (now - this.anchorWall);
    const longest = Math.max(SHORTEST_LEAP_WALL_MS, LEAP_MS / this.speed);
    if (wait <= longest) {
      this.leaptTo = undefined;
      return wait;
    }
    const isAlong = this.leaptTo !== undefined && Math.abs(time - this.leaptTo) / this.speed <= longest;
    this.leaptTo = time;
    return isAlong ? this.anchor(time, now) : 0;
  }

  private anchor(time: number, now: number): number {
    this.anchorEvent = time;
    this.anchorWall = now;
    this.leaptTo = undefined;
    return 0;
  }
}
