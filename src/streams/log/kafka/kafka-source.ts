import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SchedulerLike } from 'rxjs';
import { PulseError } from '../../../errors.ts';
import { sleepOn } from '../../clock/sleep.ts';
import type { PartitionSource, RecordBatch } from '../log.ts';
import type { Fetcher } from './fetcher.ts';
import { PartitionReading } from './partition-reading.ts';

const OWNERSHIP_POLL_MS = 100;
/** What the group said longer ago than this is no word any more: half of a session, after which it takes a member for dead. */
const SILENCE_MS = 5_000;

export interface SourceParts {
  /** A fetcher with connections of its own. */
  readonly fetcher: () => Fetcher;
  readonly time: SchedulerLike;
  /** When what the group last answered that this member is in it was asked. */
  readonly confirmedAt: () => number;
  /** Whether the group may have taken this member for dead by now. */
  readonly isInDoubt: () => boolean;
}

/** A partition as handed to a group's member. */
export class KafkaSource implements PartitionSource {
  readonly topic: string;
  readonly partition: number;
  readonly #parts: SourceParts;
  readonly #closed = new AbortController();
  #reading: PartitionReading | undefined;

  constructor(topic: string, partition: number, parts: SourceParts) {
    this.topic = topic;
    this.partition = partition;
    this.#parts = parts;
  }

  get isClosed(): boolean {
    return this.#closed.signal.aborted;
  }

  get isInDoubt(): boolean {
    return this.isClosed || this.#parts.isInDoubt();
  }

  async isOwned(afresh?: 'afresh'): Promise<boolean> {
    const { time, confirmedAt } = this.#parts;
    const asked = time.now();
    const isConfirmed = (): boolean => confirmedAt() > (afresh === undefined ? time.now() - SILENCE_MS : asked);
    while (!this.isClosed && !isConfirmed()) await sleepOn(time)(OWNERSHIP_POLL_MS, this.#closed.signal);
    return !this.isClosed;
  }

  seek(offset: number): void {
    void this.#reading?.close();
    const { fetcher, time } = this.#parts;
    this.#reading = this.isClosed ? undefined : new PartitionReading(this, offset, fetcher(), time);
  }

  async poll(waitMs: number): Promise<RecordBatch | undefined> {
    // Polling is a loop: without a macrotask in each turn of it, timers and sockets would starve.
    await nextTurn();
    if (this.isClosed) return undefined;
    if (this.#reading === undefined)
      throw new PulseError('usage', `${this.topic}[${this.partition}] was polled before a seek.`);
    return this.#reading.poll(waitMs);
  }

  /** It is nobody's from the call on: a poll that is under way ends, later ones find nothing. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#reading?.close();
  }
}
