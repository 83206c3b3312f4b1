import type { SchedulerLike, Subscription } from 'rxjs';

export interface FlushPace {
  /** In the long run, flushes are so far apart at least. */
  readonly everyMs: number;
  /** Each thing that a flush tells takes so long of that, */
  readonly keyMs: number;
  /** but no flush more than this: large ones come seldomer, as each costs every page a frame of its screen and more. */
  readonly slowestMs: number;
  /** So many may follow each other at once after a rest: what comes just behind a flush need not wait for its turn. */
  readonly burst: number;
  /** A change waits until so long nothing more has come: a commit reaches the view as several batches, one on the other's heels. */
  readonly quietMs: number;
  /** But no longer than this. */
  readonly gatherMs: number;
}

/**
 * Calls `flush` soon after a request, and not at all without one. `flush` says how much it had to send: those that had
 * something keep to the pace (the generic cell rate algorithm), and one that had nothing holds up nobody. The first stage's commit wakes the server,
 * too, and the rows that everybody waits for come with the second's, a few milliseconds later.
 */
export class Flusher {
  readonly #scheduler: SchedulerLike;
  readonly #pace: FlushPace;
  readonly #flush: () => number;
  #timer: Subscription | undefined;
  /** Of the first request that no flush has answered yet. */
  #askedAt: number | undefined;
  /** When the next flush would be due if they had come evenly. */
  #dueAt = -Infinity;
  #isStopped = false;

  constructor(scheduler: SchedulerLike, pace: FlushPace, flush: () => number) {
    this.#scheduler = scheduler;
    this.#pace = pace;
    this.#flush = flush;
  }

  request(): void {
    if (this.#isStopped) return;
    const { everyMs, burst, quietMs, gatherMs } = this.#pace;
    const now = this.#scheduler.now();
    this.#askedAt ??= now;
    const gathered = Math.min(now + quietMs, this.#askedAt + gatherMs);
    const at = Math.max(gathered, this.#dueAt - (burst - 1) * everyMs);
    this.#timer?.unsubscribe();
    // A loop that was busy may be past it by now.
    this.#timer = this.#scheduler.schedule(() => this.#turn(), Math.max(0, at - now));
  }

  /** Flushes no more; requests that come later, from a feed that is still ending, are ignored. */
  stop(): void {
    this.#isStopped = true;
    this.#timer?.unsubscribe();
  }

  #turn(): void {
    this.#askedAt = undefined;
    const now = this.#scheduler.now();
    const { everyMs, keyMs, slowestMs } = this.#pace;
    const keys = this.#flush();
    if (keys > 0) this.#dueAt = Math.max(this.#dueAt, now) + Math.max(everyMs, Math.min(slowestMs, keys * keyMs));
  }
}
