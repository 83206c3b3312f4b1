import type { SchedulerLike } from 'rxjs';
import type { LocalArrivals } from '../local/arrivals.ts';
import type { ReadSide } from '../local/read-side.ts';
import { outOfRange } from '../local/topic-errors.ts';
import type { RecordBatch, TopicPartition } from '../log.ts';
import type { LogRecord } from '../record.ts';
import type { MemoryStore } from './memory-store.ts';

/** The read side of a memory log, as long as `store` gives one; a batch ends with the record that takes it over the byte budget. */
export class MemoryReads implements ReadSide {
  readonly arrivals: LocalArrivals;
  readonly #store: () => MemoryStore;
  readonly #batchBytes: number;

  constructor(store: () => MemoryStore, batchBytes: number, time: SchedulerLike) {
    this.#store = store;
    this.#batchBytes = batchBytes;
    this.arrivals = store().arrivalsFor(time);
  }

  bounds(at: TopicPartition): { readonly start: number; readonly end: number } {
    return this.#store().partition(at).bounds;
  }

  partitions(topic: string): number {
    return this.#store().topic(topic).spec.partitions;
  }

  batch(at: TopicPartition, from: number, to: number): RecordBatch {
    const partition = this.#store().partition(at);
    const { start, end } = partition.bounds;
    if (from < start || from > end) throw outOfRange(at, from, partition.bounds);
    const records: LogRecord[] = [];
    let left = this.#batchBytes;
    let nextOffset = Math.max(from, Math.min(to, end));
    for (const record of partition.from(from, to)) {
      if (left <= 0) {
        nextOffset = record.offset;
        break;
      }
      records.push(record);
      left -= (record.key?.length ?? 0) + (record.value?.length ?? 0) + 1;
    }
    return { topic: at.topic, partition: at.partition, records, nextOffset, end };
  }
}
