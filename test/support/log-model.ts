import type { Cleanup, OffsetBounds, OutputRecord, TopicPartition } from '../../src/streams/log/log.ts';

export interface ModelRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly header: string | undefined;
}

interface ModelPartition {
  start: number;
  end: number;
  cleanedTo: number;
  records: ModelRecord[];
}

interface ModelTopic {
  readonly cleanup: Cleanup;
  readonly partitions: readonly ModelPartition[];
}

/** What a log should hold, in the plainest way: lists that are searched and filtered. Latin-1 text stands for bytes. */
export class LogModel {
  readonly #topics = new Map<string, ModelTopic>();

  create(name: string, partitions: number, cleanup: Cleanup): void {
    const empty = (): ModelPartition => ({ start: 0, end: 0, cleanedTo: 0, records: [] });
    this.#topics.set(name, { cleanup, partitions: Array.from({ length: partitions }, empty) });
  }

  append(records: readonly OutputRecord[], timestamp: number): void {
    for (const { topic, partition, key, value, headers } of records) {
      const to = this.#partition({ topic, partition });
      to.records.push({
        offset: to.end++,
        timestamp,
        key: key === null ? null : key.toString('latin1'),
        value: value === null ? null : value.toString('latin1'),
        header: headers?.['h']?.toString('latin1'),
      });
    }
  }

  bounds(at: TopicPartition): OffsetBounds {
    const { start, end } = this.#partition(at);
    return { start, end };
  }

  read(at: TopicPartition, from: number, to: number): readonly ModelRecord[] {
    return this.#partition(at).records.filter(({ offset }) => offset >= from && offset < to);
  }

  purge(at: TopicPartition, before: number): void {
    const partition = this.#partition(at);
    partition.start = Math.max(partition.start, before);
    partition.records = partition.records.filter(({ offset }) => offset >= partition.start);
  }

  expire(now: number): void {
    for (const [topic, { cleanup, partitions }] of this.#topics) {
      if (cleanup.kind !== 'delete') continue;
      partitions.forEach(({ records, end }, partition) => {
        const young = records.find(({ timestamp }) => timestamp >= now - cleanup.retentionMs);
        this.purge({ topic, partition }, young?.offset ?? end);
      });
    }
  }

  compact(tombstonesBefore: number): void {
    for (const { cleanup, partitions } of this.#topics.values()) {
      if (cleanup.kind !== 'compact') continue;
      for (const partition of partitions) {
        const { records, cleanedTo } = partition;
        const isSuperseded = ({ key, offset }: ModelRecord): boolean =>
          key !== null && records.some((later) => later.key === key && later.offset > offset);
        const isForgotten = ({ key, value, offset, timestamp }: ModelRecord): boolean =>
          key !== null && value === null && offset < cleanedTo && timestamp < tombstonesBefore;
        partition.records = records.filter((record) => !isSuperseded(record) && !isForgotten(record));
        partition.cleanedTo = partition.end;
      }
    }
  }

  #partition({ topic, partition }: TopicPartition): ModelPartition {
    return this.#topics.get(topic)!.partitions[partition]!;
  }
}
