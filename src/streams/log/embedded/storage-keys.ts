/** Keys of the tables: big-endian, so that LMDB's order of bytes is the order of topics, partitions and offsets. */

const BATCH_KEY_BYTES = 16;
const TWO_POW_32 = 2 ** 32;

/** topic id u32, partition u32. */
export function partitionKey(topicId: number, partition: number): Buffer {
  const key = Buffer.allocUnsafe(8);
  key.writeUInt32BE(topicId, 0);
  key.writeUInt32BE(partition, 4);
  return key;
}

/** topic id u32, partition u32, base offset u64 (safe integers only). */
export function batchKey(topicId: number, partition: number, offset: number): Buffer {
  const key = Buffer.allocUnsafe(BATCH_KEY_BYTES);
  key.writeUInt32BE(topicId, 0);
  key.writeUInt32BE(partition, 4);
  key.writeUInt32BE(Math.floor(offset / TWO_POW_32), 8);
  key.writeUInt32BE(offset % TWO_POW_32, 12);
  return key;
}

/** The base offset in a batch's key. */
export function offsetInKey(key: Buffer): number {
  return key.readUInt32BE(8) * TWO_POW_32 + key.readUInt32BE(12);
}
