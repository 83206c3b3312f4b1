import { ReachedTime } from '../../1-ingest/pace/reached-time.ts';

/**
 * Tells of a partition's quotes, one after the other from its first on, which ones lie in the log in the order in which they were
 * seen: their times never go back. It says the same whenever it is told the same. A stray date far ahead is none of them, else
 * all behind it would be out of order.
 */
export class LogOrder {
  readonly #reached = new ReachedTime();

  holds(time: number): boolean {
    this.#reached.take(time, true);
    return this.#reached.reached === time;
  }
}
