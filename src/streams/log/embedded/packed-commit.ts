import type { CommitResult, OutputRecord, TopicPartition } from '../log.ts';
import { BatchBuilder } from './batch-builder.ts';
import { MAX_BATCH_BYTES } from './batch-layout.ts';

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

/** How many batches' memory is kept for later commits: 16 MiB at most. */
const KEPT_BATCHES = 512;

/** Packs commits; its builders' scratch memory and the batches' serve one commit after the other. */
export class CommitPacker {
  readonly #idle: BatchBuilder[] = [];
  readonly #memory: ArrayBufferLike[] = [];

  /** Packs the records in the order given, all with one append time. */
  pack(records: readonly OutputRecord[], timestamp: number): readonly PackedPartition[] {
    const open = new Map<string, (OpenPartition | undefined)[]>();
    const partitions: OpenPartition[] = [];
    for (const record of records) {
      const target = this.#openPartition(open, partitions, record);
      const { builder } = target;
      if (builder.isFullFor(sizeOf(record))) this.#seal(target);
      builder.add(record, target.count - target.sealed, timestamp);
      target.count++;
    }
    for (const target of partitions) {
      this.#seal(target);
      this.#idle.push(target.builder);
    }
    return partitions;
  }

  /** Takes back the memory of a commit whose batches nobody will look at again. */
  release(partitions: readonly PackedPartition[]): void {
    for (const { buffer } of partitions.flatMap(({ batches }) => batches)) {
      if (buffer.byteLength === MAX_BATCH_BYTES && this.#memory.length < KEPT_BATCHES) this.#memory.push(buffer);
    }
  }

  #seal(target: OpenPartition): void {
    const { count } = target.builder;
    if (count === 0) return;
    target.batches.push(target.builder.seal(count, (bytes) => this.#memoryFor(bytes)));
    target.sealed += count;
  }

  /** A nearly full batch gets the memory of a full one, which can be used again; a small one just what it needs. */
  #memoryFor(bytes: number): Buffer {
    if (bytes > MAX_BATCH_BYTES || bytes < MAX_BATCH_BYTES / 2) return Buffer.allocUnsafe(bytes);
    const kept = this.#memory.pop();
    return kept === undefined ? Buffer.allocUnsafeSlow(MAX_BATCH_BYTES) : Buffer.from(kept);
  }

  #openPartition(
    open: Map<string, (OpenPartition | undefined)[]>,
    partitions: OpenPartition[],
    { topic, partition }: TopicPartition,
  ): OpenPartition {
    let ofTopic = open.get(topic);
    if (ofTopic === undefined) open.set(topic, (ofTopic = []));
    const known = ofTopic[partition];
    if (known !== undefined) return known;
    const builder = this.#idle.pop() ?? new BatchBuilder();
    const opened: OpenPartition = { topic, partition, batches: [], count: 0, builder, sealed: 0 };
    partitions.push(opened);
    ofTopic[partition] = opened;
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

const sizeOf = ({ key, value }: OutputRecord): number => (key?.length ?? 0) + (value?.length ?? 0);
