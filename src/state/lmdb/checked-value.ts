import { crc32 } from 'node:zlib';

const CRC_BYTES = 4;
let scratch = Buffer.alloc(512);

/**
 * The value as it is stored: with the CRC-32 of its key and itself behind it, in a buffer that the next call overwrites. LMDB
 * has no checksums: what a disk gives back otherwise than it was given would be taken for what was written.
 *
 * A CRC-32 finds every change within 32 bits in a row, and all but one in 2^32 of others; with the key in it, a value that
 * got under another key is found, too. It takes some 0.3 µs a row, and a row is written once a commit.
 */
export function withChecksum(key: Buffer, value: Buffer): Buffer {
  const bytes = value.length + CRC_BYTES;
  if (bytes > scratch.length) scratch = Buffer.alloc(2 * bytes);
  value.copy(scratch);
  scratch.writeUInt32LE(crc32(value, crc32(key)), value.length);
  return scratch.subarray(0, bytes);
}

/** The value that was stored under that key, in the same memory; undefined where the bytes are not what was stored. */
export function withoutChecksum(key: Buffer, stored: Buffer): Buffer | undefined {
  const end = stored.length - CRC_BYTES;
  if (end < 0) return undefined;
  const value = stored.subarray(0, end);
  return crc32(value, crc32(key)) === stored.readUInt32LE(end) ? value : undefined;
}
