import { setImmediate as nextTurn } from 'node:timers/promises';
import { PulseError } from '../../../errors.ts';
import type { PartitionSource, RecordBatch } from '../log.ts';
import type { ReadSide } from './read-side.ts';

/** A partition as handed to a group's member. Once closed, a waiting poll ends and every later one finds nothing. */
export class AssignedPartition implements PartitionSource {
  readonly topic: string;
  readonly partition: number;
  readonly #side: ReadSide;
  readonly #closed = new AbortController();
  #position: number | undefined;
  /** Aborts with every seek. */
  #reading = new AbortController();

  constructor(side: ReadSide, topic: string, partition: number) {
    this.#side = side;
    this.topic = topic;
    this.partition = partition;
  }

  get isInDoubt(): boolean {
    return this.#closed.signal.aborted;
  }

  isOwned(): Promise<boolean> {
    return Promise.resolve(!this.isInDoubt);
  }

  seek(offset: number): void {
    this.#reading.abort();
    if (!this.#closed.signal.aborted) this.#reading = new AbortController();
    this.#position = offset;
  }

  async poll(waitMs: number): Promise<RecordBatch | undefined> {
    // Polling is a loop: without a macrotask in each turn of it, timers and sockets would starve.
    const { signal } = this.#reading;
    await nextTurn();
    return this.#side.arrivals.find(() => this.#next(), waitMs, signal);
  }

  close(): void {
    this.#closed.abort();
    this.#reading.abort();
  }

  #next(): RecordBatch | undefined {
    const position = this.#position;
    if (position === undefined) {
      throw new PulseError('usage', `${this.topic}[${this.partition}] was polled before a seek.`);
    }
    const batch = this.#side.batch(this, position, Infinity);
    if (batch.nextOffset === position) return undefined;
    this.#position = batch.nextOffset;
    return batch;
  }
}
