import { partitionKey } from './storage-keys.ts';
import type { Tables } from './tables.ts';

/** What the log keeps about a partition beside its batches; it changes in the transactions that change them. */
export interface PartitionState {
  /** The first offset that is not given up. */
  readonly start: number;
  /** The offset of the next record. */
  readonly end: number;
  /** Up to here the log cleaner has come (compacted topics). */
  readonly cleanedTo: number;
  /** Size of the batches that it left below `cleanedTo`. */
  readonly cleanBytes: number;
  /** Size of the batches that were appended from `cleanedTo` on. */
  readonly dirtyBytes: number;
}

export const emptyPartition: PartitionState = { start: 0, end: 0, cleanedTo: 0, cleanBytes: 0, dirtyBytes: 0 };

/** Five float64, little-endian, in the order of the interface. */
export function encodePartitionState(state: PartitionState): Buffer {
  const bytes = Buffer.allocUnsafe(40);
  bytes.writeDoubleLE(state.start, 0);
  bytes.writeDoubleLE(state.end, 8);
  bytes.writeDoubleLE(state.cleanedTo, 16);
  bytes.writeDoubleLE(state.cleanBytes, 24);
  bytes.writeDoubleLE(state.dirtyBytes, 32);
  return bytes;
}

export function decodePartitionState(bytes: Buffer): PartitionState {
  return {
    start: bytes.readDoubleLE(0),
    end: bytes.readDoubleLE(8),
    cleanedTo: bytes.readDoubleLE(16),
    cleanBytes: bytes.readDoubleLE(24),
    dirtyBytes: bytes.readDoubleLE(32),
  };
}

/** The state of a partition as of the current transaction. */
export function readState(tables: Tables, topicId: number, partition: number): PartitionState {
  const bytes = tables.partitions.getBinary(partitionKey(topicId, partition));
  return bytes === undefined ? emptyPartition : decodePartitionState(bytes);
}

/** Stores the state of a partition; to be called in a write transaction. */
export function writeState(tables: Tables, topicId: number, partition: number, state: PartitionState): void {
  tables.partitions.putSync(partitionKey(topicId, partition), encodePartitionState(state));
}
