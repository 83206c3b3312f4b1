/*
 * Kafka's variable-length integers: seven bits a byte, lowest first, the sign in the lowest bit (zigzag).
 * Source: Kafka protocol guide, "Protocol Primitive Types", VARINT and VARLONG.
 */

/** The number at a position. Exact up to 2^53; throws RangeError where it goes on for more than ten bytes. */
export function readVarint(bytes: Buffer, at: number): number {
  const first = bytes[at] as number;
  // One byte holds most of them: a size below 64, or the offset of one of the first 64 records.
  if (first < 0x80) return (first >>> 1) ^ -(first & 1);
  let value = first & 0x7f;
  let scale = 0x80;
  for (let i = at + 1; i < at + 10; i++) {
    const byte = bytes[i] as number;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    scale *= 0x80;
  }
  throw new RangeError('a variable-length number has no end');
}

/** How many bytes the number at a position takes. */
export function varintSize(bytes: Buffer, at: number): number {
  let end = at;
  while ((bytes[end] as number) >= 0x80) end++;
  return end - at + 1;
}
