const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/**
 * The partition that Kafka's Java client gives a key: `toPositive(murmur2(key)) % partitions`.
 *
 * Source: org.apache.kafka.common.utils.Utils.murmur2 and BuiltInPartitioner.partitionForKey.
 */
export function partitionOf(key: Buffer | string, partitions: number): number {
  const bytes = typeof key === 'string' ? Buffer.from(key, 'utf8') : key;
  return (murmur2(bytes) & 0x7fffffff) % partitions;
}

/** Kafka's 32-bit murmur2 of the bytes, as a signed integer. */
export function murmur2(bytes: Buffer): number {
  const length = bytes.length;
  let h = SEED ^ length;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    let k = bytes.readInt32LE(i);
    k = Math.imul(k, M);
    k ^= k >>> 24;
    k = Math.imul(k, M);
    h = Math.imul(h, M) ^ k;
  }
  const left = length - i;
  if (left >= 3) h ^= (bytes[i + 2] ?? 0) << 16;
  if (left >= 2) h ^= (bytes[i + 1] ?? 0) << 8;
  if (left >= 1) h = Math.imul(h ^ (bytes[i] ?? 0), M);
  h ^= h >>> 13;
  h = Math.imul(h, M);
  h ^= h >>> 15;
  return h | 0;
}
