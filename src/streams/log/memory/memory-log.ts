import { asyncScheduler, type SchedulerLike } from 'rxjs';
import { ConsumerGroups } from '../local/consumer-groups.ts';
import { type LocalLog, TOMBSTONE_RETENTION_MS } from '../local/maintenance.ts';
import { readRange } from '../local/read-range.ts';
import { tail } from '../local/tail.ts';
import { outOfRange } from '../local/topic-errors.ts';
import { closed } from '../local/writer-errors.ts';
import type { CommitResult, OutputRecord } from '../log.ts';
import { MemoryReads } from './memory-reads.ts';
import { MemoryStore } from './memory-store.ts';
import { memoryTopics } from './memory-topics.ts';
import { memoryWriter } from './memory-writer.ts';

export interface MemoryLogOptions {
  /** Clock of the records and timer of the waits. */
  readonly time?: SchedulerLike;
  /** Where the records are; a new, empty store unless one is given. */
  readonly store?: MemoryStore;
  /** About how many bytes of keys and values one batch holds. */
  readonly batchBytes?: number;
  readonly tombstoneRetentionMs?: number;
}

const BATCH_BYTES = 512 * 1024;

/** A log in this process's memory, for tests: the embedded log's contract, and there within a microsecond. */
export function createMemoryLog(options: MemoryLogOptions = {}): LocalLog {
  const { time = asyncScheduler, store = new MemoryStore(), batchBytes = BATCH_BYTES } = options;
  const { tombstoneRetentionMs = TOMBSTONE_RETENTION_MS } = options;
  const closing = new AbortController();
  const live = (): MemoryStore => {
    if (closing.signal.aborted) throw closed('The log');
    return store;
  };
  const reads = new MemoryReads(live, batchBytes, time);
  const groups = new ConsumerGroups(reads);
  const append = (records: readonly OutputRecord[]): CommitResult => {
    const ends = live().append(records, time.now());
    if (records.length > 0) reads.arrivals.wake();
    return { nextOffset: (topic, partition) => ends.get(`${topic}/${partition}`) };
  };
  return {
    identity: store.identity,
    topics: memoryTopics(live),
    bounds: async (at) => reads.bounds(at),
    read: (at, from, to) => readRange(reads, at, from, to),
    tail: (from, signal) => tail(reads, from, AbortSignal.any([signal, closing.signal])),
    join: (group, topics, member) => groups.join(group, topics, member),
    writer: async (id) => memoryWriter(live, id, append),
    append: async (records) => append(records),
    purge: async (at, before) => {
      const bounds = reads.bounds(at);
      if (before > bounds.end) throw outOfRange(at, before, bounds);
      live().partition(at).purge(before);
    },
    compact: async () => live().compact(time.now() - tombstoneRetentionMs),
    expire: async () => live().expire(time.now()),
    progress: async (group) => live().progressOf(group),
    close: async () => {
      await groups.close();
      closing.abort();
    },
  };
}
