import type { SchedulerLike } from 'rxjs';
import { PulseError } from '../../errors.ts';
import { sleepOn } from '../clock/sleep.ts';
import type { PartitionSource, RecordBatch } from '../log/log.ts';
import type { History } from './history.ts';
import { isShed } from './is-shed.ts';

/**
 * A partition of a {@link History}, as a task polls it: Bronze first, then the topic, nothing beyond the frozen end. Where the
 * topic sheds records ahead of the reader, it goes on in Bronze, if they are there by then.
 */
export class HistorySource implements PartitionSource {
  readonly #history: History;
  readonly #inner: PartitionSource;
  readonly #clock: SchedulerLike;
  #next = 0;
  #bronze: AsyncGenerator<RecordBatch> | undefined;
  /** Aborts with every seek. */
  #reading = new AbortController();

  constructor(history: History, inner: PartitionSource, clock: SchedulerLike) {
    this.#history = history;
    this.#inner = inner;
    this.#clock = clock;
  }

  get topic(): string {
    return this.#inner.topic;
  }

  get partition(): number {
    return this.#inner.partition;
  }

  get isInDoubt(): boolean {
    return this.#inner.isInDoubt;
  }

  isOwned(afresh?: 'afresh'): Promise<boolean> {
    return this.#inner.isOwned(afresh);
  }

  seek(offset: number): void {
    this.#reading.abort();
    this.#reading = new AbortController();
    this.#next = offset;
    this.#bronze = undefined;
    // The topic is sought where it is to take over, so that a poll of it that hangs ends now.
    this.#inner.seek(Math.max(offset, this.#history.takeover(this.partition)));
  }

  async poll(waitMs: number): Promise<RecordBatch | undefined> {
    const { signal } = this.#reading;
    const { end } = this.#history.bounds(this.partition);
    if (this.#next >= end) {
      await sleepOn(this.#clock)(waitMs, signal);
      return undefined;
    }
    const batch = await this.#read(waitMs);
    if (signal.aborted || batch === undefined) return undefined;
    this.#next = Math.min(batch.nextOffset, end);
    const given = batch.nextOffset <= end ? { ...batch, end } : clipped(batch, end);
    this.#history.note(given);
    return given;
  }

  async #read(waitMs: number): Promise<RecordBatch | undefined> {
    try {
      return this.#next < this.#history.takeover(this.partition)
        ? await this.#fromBronze()
        : await this.#inner.poll(waitMs);
    } catch (error) {
      if (!isShed(error)) throw error;
      const before = this.#history.takeover(this.partition);
      await this.#history.reopen();
      // What is gone otherwise (the topic's end lies below) is no matter of retention.
      if (error.code === 'offset-out-of-range' && this.#history.takeover(this.partition) === before) throw error;
      this.seek(this.#next);
      return undefined;
    }
  }

  async #fromBronze(): Promise<RecordBatch | undefined> {
    this.#bronze ??= this.#history.bronzeFrom(this.partition, this.#next);
    const read = await this.#bronze.next();
    if (read.done !== true) return read.value;
    throw new PulseError('table-corrupt', `Bronze ends at offset ${this.#next} of ${this.topic}[${this.partition}]`);
  }
}

const clipped = (batch: RecordBatch, end: number): RecordBatch => ({
  ...batch,
  records: batch.records.filter(({ offset }) => offset < end),
  nextOffset: end,
  end,
});
