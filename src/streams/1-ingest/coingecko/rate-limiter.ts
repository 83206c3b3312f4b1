import type { SchedulerLike } from 'rxjs';
import { sleepOn } from '../../clock/sleep.ts';

const MINUTE_MS = 60_000;

/** Lets at most so many calls start in any minute, in the order in which they ask; shared by all that call one host. */
export class RateLimiter {
  private readonly scheduler: SchedulerLike;
  private readonly callsPerMinute: number;
  /** When the calls of the last minute started, the oldest first. */
  private readonly starts: number[] = [];
  private notBefore = -Infinity;
  private lastTurn: Promise<void> = Promise.resolve();

  constructor(scheduler: SchedulerLike, callsPerMinute: number) {
    this.scheduler = scheduler;
    this.callsPerMinute = callsPerMinute;
  }

  /** Resolves when a call may start, and counts it; or when the signal aborts: look at the signal. */
  acquire(signal: AbortSignal): Promise<void> {
    this.lastTurn = this.lastTurn.then(() => this.waitForTurn(signal));
    return this.lastTurn;
  }

  /** No call starts for this long, since the host said so. */
  pause(ms: number): void {
    this.notBefore = Math.max(this.notBefore, this.scheduler.now() + ms);
  }

  private async waitForTurn(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const now = this.scheduler.now();
      const wait = this.freeAt(now) - now;
      if (wait <= 0) {
        if (Number.isFinite(this.callsPerMinute)) this.starts.push(now);
        return;
      }
      await sleepOn(this.scheduler)(wait, signal);
    }
  }

  private freeAt(now: number): number {
    const { starts } = this;
    while (starts[0] !== undefined && starts[0] <= now - MINUTE_MS) starts.shift();
    const oldest = starts.length < this.callsPerMinute ? undefined : starts[0];
    return Math.max(this.notBefore, oldest === undefined ? now : oldest + MINUTE_MS);
  }
}
