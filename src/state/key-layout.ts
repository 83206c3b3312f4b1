/** Keys of up to this many UTF-8 bytes fit. */
export const MAX_KEY_BYTES = 512;

const HIGH = 2 ** 32;
/** Makes the high half of a negative time positive, so that byte order is the order of times. */
const SHIFT = 2 ** 31;

/*
 *   0          2          4            4 + n        4 + n + 8
 *   | partition | n = bytes | key (UTF-8) | time + 2^63 |      all big-endian, so that byte order is key order
 *
 * A partition is one range, and so are a key's times. Keys sort by length first: their order has no meaning, and a
 * length needs no escaping, whatever bytes an id holds.
 */

const scratch = Buffer.alloc(4 + MAX_KEY_BYTES + 8);

/** The key of a row, in a scratch buffer that the next call overwrites. The time is a safe integer. */
export function rowKey(partition: number, key: string, time: number): Buffer {
  const bytes = scratch.write(key, 4, MAX_KEY_BYTES, 'utf8');
  if (key.length * 3 > MAX_KEY_BYTES && Buffer.byteLength(key) > MAX_KEY_BYTES)
    throw new RangeError(`a state key is longer than ${MAX_KEY_BYTES} bytes: ${key.slice(0, 40)}…`);
  scratch.writeUInt16BE(partition, 0);
  scratch.writeUInt16BE(bytes, 2);
  const high = Math.floor(time / HIGH);
  scratch.writeUInt32BE(high + SHIFT, 4 + bytes);
  scratch.writeUInt32BE(time - high * HIGH, 8 + bytes);
  return scratch.subarray(0, 12 + bytes);
}

/** The bounds `[start, end)` of a partition below 65,535. */
export function partitionRange(partition: number): { readonly start: Buffer; readonly end: Buffer } {
  const start = Buffer.alloc(2);
  const end = Buffer.alloc(2);
  start.writeUInt16BE(partition);
  end.writeUInt16BE(partition + 1);
  return { start, end };
}

/** The key and the time of a row's key. */
export function parseRowKey(bytes: Buffer): { readonly key: string; readonly time: number } {
  const end = 4 + bytes.readUInt16BE(2);
  return { key: bytes.toString('utf8', 4, end), time: timeAt(bytes, end) };
}

/** The time of a row's key, which is in its last eight bytes. */
export const timeOfRowKey = (bytes: Buffer): number => timeAt(bytes, bytes.length - 8);

const timeAt = (bytes: Buffer, at: number): number =>
  (bytes.readUInt32BE(at) - SHIFT) * HIGH + bytes.readUInt32BE(at + 4);
