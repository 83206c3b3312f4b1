import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SchedulerLike } from 'rxjs';
import { PulseError } from '../../../errors.ts';
import { sleepOn } from '../../clock/sleep.ts';
import type { PartitionSource, RecordBatch } from '../log.ts';
import type { Fetcher } from './fetcher.ts';

/** A broker keeps an empty request for this long, so that a closed source is not waited for longer. */
const LONGEST_WAIT_MS = 500;
const OWNERSHIP_POLL_MS = 100;

export interface SourceParts {
  readonly fetcher: Fetcher;
  readonly time: SchedulerLike;
  /** Whether the group has lately said that this member is in it. */
  readonly isMemberConfirmed: () => boolean;
}

/**
 * A partition as handed to a group's member. While a batch is processed the next one is fetched: one batch ahead and no
 * more, which is its back-pressure.
 */
export class KafkaSource implements PartitionSource {
  readonly topic: string;
  readonly partition: number;
  readonly #parts: SourceParts;
  readonly #closed = new AbortController();
  #position: number | undefined;
  #ahead: { readonly from: number; readonly batch: Promise<RecordBatch | undefined> } | undefined;

  constructor(topic: string, partition: number, parts: SourceParts) {
    this.topic = topic;
    this.partition = partition;
    this.#parts = parts;
  }

  async isOwned(): Promise<boolean> {
    while (!this.#closed.signal.aborted && !this.#parts.isMemberConfirmed())
      await sleepOn(this.#parts.time)(OWNERSHIP_POLL_MS, this.#closed.signal);
    return !this.#closed.signal.aborted;
  }

  seek(offset: number): void {
    this.#position = offset;
  }

  async poll(waitMs: number): Promise<RecordBatch | undefined> {
    // Polling is a loop: without a macrotask in each turn of it, timers and sockets would starve.
    await nextTurn();
    const from = this.#position;
    if (from === undefined) throw new PulseError('usage', `${this.topic}[${this.partition}] was polled before a seek.`);
    const until = this.#parts.time.now() + waitMs;
    for (let isFirst = true; ; isFirst = false) {
      if (this.#closed.signal.aborted) return undefined;
      const left = until - this.#parts.time.now();
      if (!isFirst && left <= 0) return undefined;
      const batch = await this.#next(from, Math.ceil(Math.max(0, Math.min(left, LONGEST_WAIT_MS))));
      if (this.#closed.signal.aborted || this.#position !== from) return undefined;
      if (batch === undefined || batch.nextOffset === from) continue;
      this.#position = batch.nextOffset;
      this.#prefetch(batch.nextOffset);
      return batch;
    }
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#parts.fetcher.close();
  }

  /** What was fetched ahead, where it is from there; or else a fetch. Undefined when closed meanwhile. */
  async #next(from: number, waitMs: number): Promise<RecordBatch | undefined> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    // One request at a time: what was fetched for another position is awaited and thrown away.
    const batch = await ahead?.batch;
    if (ahead?.from === from && batch !== undefined && batch.nextOffset > from) return batch;
    return this.#fetch(from, waitMs);
  }

  #prefetch(from: number): void {
    const batch = this.#fetch(from, 0).catch(() => undefined);
    this.#ahead = { from, batch };
  }

  async #fetch(offset: number, waitMs: number): Promise<RecordBatch | undefined> {
    const { topic, partition } = this;
    try {
      return (await this.#parts.fetcher.fetch([{ topic, partition, offset }], waitMs))[0];
    } catch (error) {
      if (this.#closed.signal.aborted) return undefined;
      throw error;
    }
  }
}
