import type { SchedulerLike, Subscription } from 'rxjs';

export interface FlushPace {
  /** No two flushes are closer than this. */
  readonly everyMs: number;
  /** How long the first change waits for those that belong to it: a commit reaches the view as several batches. */
  readonly gatherMs: number;
}

/** Calls `flush` soon after a request, never more often than the pace allows, and not at all without one. */
export class Flusher {
  readonly #scheduler: SchedulerLike;
  readonly #pace: FlushPace;
  readonly #flush: () => void;
  #timer: Subscription | undefined;
  #flushedAt = -Infinity;
  #isStopped = false;

  constructor(scheduler: SchedulerLike, pace: FlushPace, flush: () => void) {
    this.#scheduler = scheduler;
    this.#pace = pace;
    this.#flush = flush;
  }

  request(): void {
    if (this.#isStopped || this.#timer !== undefined) return;
    const { everyMs, gatherMs } = this.#pace;
    const delay = Math.max(gatherMs, this.#flushedAt + everyMs - this.#scheduler.now());
    this.#timer = this.#scheduler.schedule(() => {
      this.#timer = undefined;
      this.#flushedAt = this.#scheduler.now();
      this.#flush();
    }, delay);
  }

  /** Flushes no more; requests that come later, from a feed that is still ending, are ignored. */
  stop(): void {
    this.#isStopped = true;
    this.#timer?.unsubscribe();
  }
}
