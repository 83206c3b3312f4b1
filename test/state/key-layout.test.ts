import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_KEY_BYTES, parseRowKey, partitionRange, rowKey, timeOfRowKey } from '../../src/state/key-layout.ts';
import { hostileKeys } from '../support/state-contract.ts';

const keyOf = (...at: Parameters<typeof rowKey>): Buffer => Buffer.from(rowKey(...at));

const partition = fc.nat(65_534);
const key = fc.oneof(fc.constantFrom('', ...hostileKeys), fc.string({ unit: 'grapheme', maxLength: 40 }));
const time = fc.oneof(fc.maxSafeInteger(), fc.constantFrom(0, -1, 2 ** 32, -(2 ** 32), 2 ** 53 - 1, 1 - 2 ** 53));

describe('the key of a row', () => {
  it('says its key and its time', () => {
    fc.assert(
      fc.property(partition, key, time, (...at) => {
        expect(parseRowKey(keyOf(...at))).toEqual({ key: at[1], time: at[2] });
        expect(timeOfRowKey(keyOf(...at))).toBe(at[2]);
      }),
    );
  });

  it('sorts by time, whatever its sign', () => {
    fc.assert(
      fc.property(key, time, time, (id, a, b) => {
        expect(Math.sign(Buffer.compare(keyOf(1, id, a), keyOf(1, id, b)))).toBe(Math.sign(a - b));
      }),
    );
  });

  it("keeps a key's times together: no row of another key lies between two of its own", () => {
    fc.assert(
      fc.property(key, key, time, time, time, (own, other, a, b, c) => {
        fc.pre(own !== other);
        const [first, last] = [keyOf(1, own, Math.min(a, b)), keyOf(1, own, Math.max(a, b))];
        const between = keyOf(1, other, c);
        expect(Buffer.compare(between, first) < 0 || Buffer.compare(between, last) > 0).toBe(true);
      }),
    );
  });

  it("lies in its partition's range, and in no other", () => {
    fc.assert(
      fc.property(partition, partition, key, time, (own, other, id, at) => {
        const { start, end } = partitionRange(other);
        const row = keyOf(own, id, at);
        expect(Buffer.compare(row, start) >= 0 && Buffer.compare(row, end) < 0).toBe(own === other);
      }),
    );
  });

  it(`takes keys of up to ${MAX_KEY_BYTES} bytes, and refuses longer ones`, () => {
    expect(parseRowKey(keyOf(0, 'x'.repeat(512), 1)).key).toHaveLength(512);
    expect(parseRowKey(keyOf(0, '€'.repeat(170), 1)).key).toHaveLength(170);
    expect(() => rowKey(0, 'x'.repeat(513), 1)).toThrow(RangeError);
    expect(() => rowKey(0, '€'.repeat(171), 1)).toThrow(RangeError);
  });
});
