import { Subject } from 'rxjs';
import { HOUR_MS } from '../../time.ts';

/** How quotes are played. */
export interface Pace {
  /** Event time per wall-clock time: 720 plays an hour in five seconds. `max`: as fast as possible. */
  readonly speed: number | 'max';
  /** How much event time from the beginning on comes at once, in milliseconds. */
  readonly fastForwardMs: number;
}

/** A leap of event time by more than this is one of the quotes': it is not waited for. */
const LEAP_MS = 2 * HOUR_MS;
const SHORTEST_LEAP_WALL_MS = 10_000;

/**
 * When each quote is due. Quotes that come late (out of order) are due at once; so is a quote that leaps
 * far ahead, which moves the others only when the next one leaps along: else it was a stray date.
 *
 * Speed and pause may be changed while it plays, and it goes on from where it is; {@link seek} gives what comes up to a time at once,
 * paused or not.
 */
export class Playback {
  /** Whoever waits for a quote asks anew: what it was told before no longer holds. */
  readonly changes = new Subject<void>();
  private speed: number;
  private isPaused = false;
  private readonly fastForwardMs: number;
  private first: number | undefined;
  private soughtTo = -Infinity;
  private isAwaited = false;
  private anchorEvent: number | undefined;
  private anchorWall = 0;
  private leaptTo: number | undefined;

  constructor(pace: Pace) {
    this.speed = asFactor(pace.speed);
    this.fastForwardMs = pace.fastForwardMs;
  }

  /** False at full speed. */
  get isPaced(): boolean {
    return this.isPaused || this.speed !== Infinity;
  }

  /** Whether quotes from up to the time that was sought may still come. */
  get isSeeking(): boolean {
    return this.isAwaited;
  }

  /** A quote that an earlier run has published: the fast forward counts from the beginning. */
  skip(time: number): void {
    this.first ??= time;
  }

  /** Plays on at another speed, or no further, from where it is at `now`. */
  change(pace: { readonly speed: Pace['speed']; readonly isPaused: boolean }, now: number): void {
    // At full speed nobody knows where it is before the next quote.
    if (this.anchorEvent !== undefined && this.speed === Infinity) this.anchorEvent = undefined;
    else if (this.anchorEvent !== undefined && !this.isPaused)
      this.anchorEvent += Math.max(0, now - this.anchorWall) * this.speed;
    this.anchorWall = now;
    this.speed = asFactor(pace.speed);
    this.isPaused = pace.isPaused;
    this.changes.next();
  }

  /** Gives everything up to that time, and of that time, at once, and plays from there. */
  seek(time: number): void {
    this.soughtTo = time;
    this.isAwaited = true;
    this.anchorEvent = undefined;
    this.leaptTo = undefined;
    this.changes.next();
  }

  /** How many milliseconds from `now` the quote of this time is to wait; 0 or less: none; Infinity: until something changes. */
  delay(time: number, now: number): number {
    this.first ??= time;
    const isForwarded = this.fastForwardMs > 0 && time < this.first + this.fastForwardMs;
    if (isForwarded || time <= this.soughtTo) return 0;
    if (this.isAwaited) {
      this.isAwaited = false;
      this.changes.next();
    }
    if (this.isPaused) return Infinity;
    if (this.speed === Infinity) return 0;
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

const asFactor = (speed: Pace['speed']): number => (speed === 'max' ? Infinity : speed);
