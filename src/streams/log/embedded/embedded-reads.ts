import { PulseError } from '../../../errors.ts';
import type { ReadSide } from '../local/read-side.ts';
import { outOfRange } from '../local/topic-errors.ts';
import type { GroupProgress, OffsetBounds, RecordBatch, TopicPartition } from '../log.ts';
import type { LogRecord } from '../record.ts';
import type { Catalog, StoredTopic } from './catalog.ts';
import type { Environment } from './environment.ts';
import { logFailure } from './failures.ts';
import { readProgress } from './group-progress.ts';
import { checkBatch, offsetSpan, unpackBatch } from './packed-batch.ts';
import { PartitionBatches } from './partition-batches.ts';
import { type PartitionState, readState } from './partition-state.ts';

/** The read side of an embedded log: one short LMDB read transaction for each call. */
export class EmbeddedReads implements ReadSide {
  readonly #environment: Environment;
  readonly #catalog: Catalog;
  readonly #batchBytes: number;

  constructor(environment: Environment, catalog: Catalog, batchBytes: number) {
    this.#environment = environment;
    this.#catalog = catalog;
    this.#batchBytes = batchBytes;
  }

  get arrivals(): ReadSide['arrivals'] {
    return this.#environment.arrivals;
  }

  bounds(at: TopicPartition): OffsetBounds {
    const { start, end } = this.state(at);
    return { start, end };
  }

  state(at: TopicPartition): PartitionState {
    return this.#inTransaction(() => {
      const { tables } = this.#environment;
      return readState(tables, this.#catalog.topicOf(tables, at).id, at.partition);
    });
  }

  topics(): readonly StoredTopic[] {
    return this.#inTransaction(() => [...this.#catalog.all(this.#environment.tables).values()]);
  }

  progress(group: string): readonly GroupProgress[] {
    return this.#inTransaction(() => readProgress(this.#environment.tables, group));
  }

  topic(name: string): StoredTopic {
    return this.#inTransaction(() => this.#catalog.topic(this.#environment.tables, name));
  }

  partitions(topic: string): number {
    return this.topic(topic).partitions;
  }

  batch(at: TopicPartition, from: number, to: number): RecordBatch {
    return this.#inTransaction(() => this.#batch(at, from, to));
  }

  #batch(at: TopicPartition, from: number, to: number): RecordBatch {
    const { tables } = this.#environment;
    const { id } = this.#catalog.topicOf(tables, at);
    const bounds = readState(tables, id, at.partition);
    if (from < bounds.start || from > bounds.end) throw outOfRange(at, from, bounds);
    const limit = Math.max(from, Math.min(to, bounds.end));
    const stored = new PartitionBatches(tables, id, at.partition);
    const records: LogRecord[] = [];
    let nextOffset = from;
    for (let bytes = 0; nextOffset < limit && bytes < this.#batchBytes;) {
      const found = stored.covering(nextOffset);
      if (found === undefined) throw missing(at, nextOffset);
      checkBatch(found.batch, found.base, `${at.topic}[${at.partition}] offset ${found.base}`);
      unpackBatch(found.batch, nextOffset, limit, records);
      nextOffset = Math.min(limit, found.base + offsetSpan(found.batch));
      bytes += found.batch.length;
    }
    return { topic: at.topic, partition: at.partition, records, nextOffset, end: bounds.end };
  }

  /** LMDB keeps a read transaction open for the turn; ending it at once frees its snapshot, and the next sees news. */
  #inTransaction<Result>(read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      throw logFailure(error, this.#environment.path);
    } finally {
      this.#environment.tables.root.resetReadTxn();
    }
  }
}

const missing = ({ topic, partition }: TopicPartition, offset: number): PulseError =>
  new PulseError('log-corrupt', `Offset ${offset} of ${topic}[${partition}] is missing: restore the log or reset it.`);
