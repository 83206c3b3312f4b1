import type { SchedulerLike } from 'rxjs';
import { LocalArrivals } from '../local/arrivals.ts';
import type { GroupProgress, OutputRecord, TopicPartition, TopicSpec } from '../log.ts';
import { unknownPartition, unknownTopic } from '../local/topic-errors.ts';
import { MemoryPartition } from './memory-partition.ts';

interface MemoryTopic {
  /** New each time a topic of that name is created. */
  readonly id: string;
  readonly spec: TopicSpec;
  readonly partitions: readonly MemoryPartition[];
}

let stores = 0;

/** What outlives a memory log, as files outlive a process: logs that are created on one store hold the same records. */
export class MemoryStore {
  readonly identity = `memory-${++stores}`;
  readonly topics = new Map<string, MemoryTopic>();
  readonly epochs = new Map<string, number>();
  readonly #progress = new Map<string, GroupProgress>();
  #arrivals: LocalArrivals | undefined;
  #created = 0;

  /** Logs on one store wake each other's readers; the first one's timer serves all. */
  arrivalsFor(time: SchedulerLike): LocalArrivals {
    this.#arrivals ??= new LocalArrivals(time);
    return this.#arrivals;
  }

  noteProgress(progress: GroupProgress): void {
    this.#progress.set(JSON.stringify([progress.group, progress.topic, progress.partition]), progress);
  }

  progressOf(group: string): readonly GroupProgress[] {
    return [...this.#progress.values()].filter((progress) => progress.group === group);
  }

  create(spec: TopicSpec): void {
    const partitions = Array.from({ length: spec.partitions }, () => new MemoryPartition());
    this.topics.set(spec.name, { id: String(this.#created++), spec, partitions });
  }

  topic(name: string): MemoryTopic {
    const topic = this.topics.get(name);
    if (topic === undefined) throw unknownTopic(name);
    return topic;
  }

  partition(at: TopicPartition): MemoryPartition {
    const { partitions } = this.topic(at.topic);
    const partition = partitions[at.partition];
    if (partition === undefined) throw unknownPartition(at, partitions.length);
    return partition;
  }

  /** Appends all records or, where one names an absent topic or partition, none. */
  append(records: readonly OutputRecord[], timestamp: number): ReadonlyMap<string, number> {
    const targets = records.map((record) => this.partition(record));
    const ends = new Map<string, number>();
    records.forEach((record, i) => {
      targets[i]?.append(record, timestamp);
      ends.set(`${record.topic}/${record.partition}`, targets[i]?.bounds.end ?? 0);
    });
    return ends;
  }

  /** Compacts every compacted topic. */
  compact(tombstonesBefore: number): void {
    for (const { spec, partitions } of this.topics.values()) {
      if (spec.cleanup.kind === 'compact') for (const partition of partitions) partition.compact(tombstonesBefore);
    }
  }

  /** Applies the retention of the `delete` topics. */
  expire(now: number): void {
    for (const { spec, partitions } of this.topics.values()) {
      const { cleanup } = spec;
      if (cleanup.kind === 'delete') for (const partition of partitions) partition.expire(now - cleanup.retentionMs);
    }
  }
}
