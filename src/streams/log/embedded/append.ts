import type { CommitResult, GroupProgress } from '../log.ts';
import type { Catalog, StoredTopic } from './catalog.ts';
import { storeProgress } from './group-progress.ts';
import { offsetSpan, setBaseOffset } from './packed-batch.ts';
import { commitResult, type PackedPartition } from './packed-commit.ts';
import { PartitionBatches } from './partition-batches.ts';
import { readState, writeState } from './partition-state.ts';
import type { Tables } from './tables.ts';
import type { WriteOperation } from './write-queue.ts';

export interface Append {
  readonly partitions: readonly PackedPartition[];
  readonly progress?: GroupProgress | undefined;
  /** Throws when this commit must not happen (a fenced writer). */
  readonly check?: (tables: Tables) => void;
}

/** The operation that appends packed records, all or none. */
export function appendOperation(catalog: Catalog, append: Append): WriteOperation<CommitResult> {
  const { partitions, progress, check } = append;
  return {
    bytes: partitions.reduce((bytes, packed) => bytes + sizeOf(packed), 0),
    run: (tables) => {
      const topics = partitions.map((packed) => catalog.topicOf(tables, packed));
      check?.(tables);
      const nextOffsets = partitions.map((packed, i) => {
        const topic = topics[i];
        return topic === undefined ? 0 : appendTo(tables, topic, packed);
      });
      if (progress !== undefined) storeProgress(tables, progress);
      return commitResult(partitions, nextOffsets);
    },
  };
}

function appendTo(tables: Tables, topic: StoredTopic, packed: PackedPartition): number {
  const { partition, batches } = packed;
  const state = readState(tables, topic.id, partition);
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
