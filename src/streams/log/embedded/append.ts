import type { CommitResult, GroupProgress } from '../log.ts';
import type { Catalog, StoredTopic } from './catalog.ts';
import { storeProgress } from './group-progress.ts';
import { offsetSpan, setBaseOffset } from './packed-batch.ts';
import { commitResult, type PackedPartition } from './packed-commit.ts';
import { PartitionBatches } from './partition-batches.ts';
import { type PartitionState, readState, writeState } from './partition-state.ts';
import type { Tables } from './tables.ts';
import type { WriteOperation } from './write-queue.ts';

export interface Append {
  readonly partitions: readonly PackedPartition[];
  readonly progress?: GroupProgress | undefined;
  readonly guard?: AppendGuard | undefined;
}

/** What a writer has to say to its appends. */
export interface AppendGuard {
  /** Throws when this one must not happen: the writer is fenced, or one of its earlier appends was rejected. */
  check(tables: Tables): void;
  /** Told at once when it is rejected, before any append behind it happens. */
  rejected(error: unknown): void;
}

/** The operation that appends packed records, all or none. */
export function appendOperation(catalog: Catalog, append: Append): WriteOperation<CommitResult> {
  const { partitions, progress, guard } = append;
  return {
    bytes: partitions.reduce((bytes, packed) => bytes + sizeOf(packed), 0),
    run: (tables) => {
      const topics = partitions.map((packed) => catalog.topicOf(tables, packed));
      guard?.check(tables);
      // All are read before the first write: a damaged one refuses the commit whole.
      const states = partitions.map(({ partition }, i) => readState(tables, topics[i]?.id ?? 0, partition));
      const nextOffsets = partitions.map((packed, i) => {
        const topic = topics[i];
        const state = states[i];
        return topic === undefined || state === undefined ? 0 : appendTo(tables, topic, state, packed);
      });
      if (progress !== undefined) storeProgress(tables, progress);
      return commitResult(partitions, nextOffsets);
    },
    rejected: (error) => guard?.rejected(error),
  };
}

function appendTo(tables: Tables, topic: StoredTopic, state: PartitionState, packed: PackedPartition): number {
  const { partition, batches } = packed;
  const stored = new PartitionBatches(tables, topic.id, partition);
  let end = state.end;
  for (const batch of batches) {
    setBaseOffset(batch, end);
    stored.put(end, batch);
    end += offsetSpan(batch);
  }
  writeState(tables, topic.id, partition, { ...state, end, dirtyBytes: state.dirtyBytes + sizeOf(packed) });
  return end;
}

const sizeOf = ({ batches }: PackedPartition): number => batches.reduce((bytes, batch) => bytes + batch.length, 0);
