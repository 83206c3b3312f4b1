import type { SchedulerLike } from 'rxjs';
import { unlessAborted } from '../../clock/unless-aborted.ts';
import type { RecordBatch, TopicPartition } from '../log.ts';
import type { Fetcher } from './fetcher.ts';

/** A broker keeps an empty request for this long. */
const LONGEST_WAIT_MS = 500;

/**
 * Reading a partition from an offset on. While a batch is processed the next one is fetched: one batch ahead and no more,
 * which is its back-pressure. Nothing that is closed is waited for: a poll ends at once, even where a fetch hangs.
 */
export class PartitionReading {
  readonly #at: TopicPartition;
  readonly #fetcher: Fetcher;
  readonly #time: SchedulerLike;
  readonly #closing = new AbortController();
  #position: number;
  #ahead: Promise<RecordBatch | undefined> | undefined;

  /** Takes over the fetcher. */
  constructor({ topic, partition }: TopicPartition, position: number, fetcher: Fetcher, time: SchedulerLike) {
    this.#at = { topic, partition };
    this.#position = position;
    this.#fetcher = fetcher;
    this.#time = time;
  }

  /** The next records, or undefined when none came within `waitMs` or when it was closed. One at a time. */
  async poll(waitMs: number): Promise<RecordBatch | undefined> {
    const until = this.#time.now() + waitMs;
    for (let isFirst = true; ; isFirst = false) {
      const left = until - this.#time.now();
      if (this.#closing.signal.aborted || (!isFirst && left <= 0)) return undefined;
      const batch = await unlessAborted(this.#next(Math.ceil(Math.max(0, left))), this.#closing.signal);
      if (batch === undefined || batch.nextOffset === this.#position) continue;
      this.#position = batch.nextOffset;
      this.#ahead = this.#fetch(0).catch(() => undefined);
      return batch;
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#fetcher.close();
  }

  /** What was fetched ahead, where that came to something; or else a fetch. */
  async #next(waitMs: number): Promise<RecordBatch | undefined> {
    const batch = await this.#ahead;
    this.#ahead = undefined;
    return batch !== undefined && batch.nextOffset > this.#position ? batch : this.#fetch(waitMs);
  }

  async #fetch(waitMs: number): Promise<RecordBatch | undefined> {
    const position = { ...this.#at, offset: this.#position };
    try {
      return (await this.#fetcher.fetch([position], Math.min(waitMs, LONGEST_WAIT_MS)))[0];
    } catch (error) {
      if (this.#closing.signal.aborted) return undefined;
      throw error;
    }
  }
}
