import type { CommitResult, OutputRecord, TopicPartition } from '../log.ts';
import { BatchBuilder } from './batch-builder.ts';

/** The records of one commit for one partition, packed into batches whose base offsets are still open. */
export interface PackedPartition extends TopicPartition {
  readonly batches: Buffer[];
  /** Number of records. */
  count: number;
}

interface OpenPartition extends PackedPartition {
  readonly builder: BatchBuilder;
  /** Records in the batches that are sealed. */
  sealed: number;
}

/** Packs commits; keeps its builders, and so their scratch memory, from one commit to the next. */
export class CommitPacker {
  readonly #idle: BatchBuilder[] = [];

  /** Packs the records in the order given, all with one append time. */
  pack(records: readonly OutputRecord[], timestamp: number): readonly PackedPartition[] {
    const open = new Map<string, (OpenPartition | undefined)[]>();
    const partitions: OpenPartition[] = [];
    for (const record of records) {
      const target = this.#openPartition(open, partitions, record);
      const { builder } = target;
      if (builder.isFullFor(sizeOf(record))) sealInto(target);
      builder.add(record, target.count - target.sealed, timestamp);
      target.count++;
    }
    for (const target of partitions) {
      sealInto(target);
      this.#idle.push(target.builder);
    }
    return partitions;
  }

  #openPartition(
    open: Map<string, (OpenPartition | undefined)[]>,
    partitions: OpenPartition[],
    { topic, partition }: TopicPartition,
  ): OpenPartition {
    const ofTopic = open.get(topic);
    const known = ofTopic?.[partition];
    if (known !== undefined) return known;
    const builder = this.#idle.pop() ?? new BatchBuilder();
    const opened: OpenPartition = { topic, partition, batches: [], count: 0, builder, sealed: 0 };
    partitions.push(opened);
    if (ofTopic === undefined) open.set(topic, []);
    open.get(topic)?.splice(partition, 1, opened);
    return opened;
  }
}

/** What a commit did, once each partition's base offset is known. */
export function commitResult(partitions: readonly PackedPartition[], nextOffsets: readonly number[]): CommitResult {
  return {
    nextOffset: (topic, partition) =>
      nextOffsets[partitions.findIndex((packed) => packed.topic === topic && packed.partition === partition)],
  };
}

function sealInto(target: OpenPartition): void {
  const { count } = target.builder;
  if (count === 0) return;
  target.batches.push(target.builder.seal(count));
  target.sealed += count;
}

const sizeOf = ({ key, value }: OutputRecord): number => (key?.length ?? 0) + (value?.length ?? 0);
