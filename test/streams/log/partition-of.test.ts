import { describe, expect, it } from 'vitest';
import { murmur2, partitionOf } from '../../../src/streams/log/partition-of.ts';

// org.apache.kafka.common.utils.UtilsTest.testMurmur2, and DefaultPartitioner's rule on top of it.
const vectors: readonly (readonly [string, number])[] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
];

describe('partitionOf', () => {
  it.each(vectors)("hashes %s as Kafka's Java client does", (text, hash) => {
    expect(murmur2(Buffer.from(text))).toBe(hash);
  });

  it.each(vectors)('gives %s the partition of the positive hash', (text, hash) => {
    for (const partitions of [1, 2, 3, 12, 100]) {
      expect(partitionOf(text, partitions)).toBe((hash & 0x7fffffff) % partitions);
    }
  });

  it('hashes bytes that are no text', () => {
    expect(murmur2(Buffer.from([12, 42, 56, 24, 109, 111]))).toBe(274204207);
  });

  it('hashes text by its UTF-8 bytes', () => {
    expect(partitionOf('₿', 1000)).toBe(partitionOf(Buffer.from([0xe2, 0x82, 0xbf]), 1000));
  });

  it('has a partition for the empty key', () => {
    expect(partitionOf('', 7)).toBe(partitionOf(Buffer.alloc(0), 7));
    expect(murmur2(Buffer.alloc(0))).toBe(275646681);
  });
});
