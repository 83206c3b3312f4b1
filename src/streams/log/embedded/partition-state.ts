import { crc32 } from 'node:zlib';
import { PulseError } from '../../../errors.ts';
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

const STATE_BYTES = 44;
const CRC_AT = 40;

/** Five float64, little-endian, in the order of the interface, and their CRC-32. */
export function encodePartitionState(state: PartitionState): Buffer {
  const bytes = Buffer.allocUnsafe(STATE_BYTES);
  bytes.writeDoubleLE(state.start, 0);
  bytes.writeDoubleLE(state.end, 8);
  bytes.writeDoubleLE(state.cleanedTo, 16);
  bytes.writeDoubleLE(state.cleanBytes, 24);
  bytes.writeDoubleLE(state.dirtyBytes, 32);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, CRC_AT)), CRC_AT);
  return bytes;
}

/** Throws `log-corrupt` where the CRC-32 is another. */
export function decodePartitionState(bytes: Buffer | undefined): PartitionState {
  if (bytes?.length !== STATE_BYTES || crc32(bytes.subarray(0, CRC_AT)) !== bytes.readUInt32LE(CRC_AT)) {
    throw new PulseError('log-corrupt', "A partition's state in the log is damaged: restore the log or reset it.");
  }
  return {
    start: bytes.readDoubleLE(0),
    end: bytes.readDoubleLE(8),
    cleanedTo: bytes.readDoubleLE(16),
    cleanBytes: bytes.readDoubleLE(24),
    dirtyBytes: bytes.readDoubleLE(32),
  };
}

/** The state of a partition as of the current transaction; `log-corrupt` where there is none. */
export function readState(tables: Tables, topicId: number, partition: number): PartitionState {
  return decodePartitionState(tables.partitions.getBinary(partitionKey(topicId, partition)));
}

/** Stores the state of a partition; to be called in a write transaction. */
export function writeState(tables: Tables, topicId: number, partition: number, state: PartitionState): void {
  tables.partitions.putSync(partitionKey(topicId, partition), encodePartitionState(state));
}
