import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchBuilder, type RecordContent } from '../../../../src/streams/log/embedded/batch-builder.ts';
import { MAX_BATCH_BYTES } from '../../../../src/streams/log/embedded/batch-layout.ts';
import {
  batchTime,
  checkBatch,
  offsetSpan,
  setBaseOffset,
  unpackBatch,
} from '../../../../src/streams/log/embedded/packed-batch.ts';
import { PackedRecord } from '../../../../src/streams/log/embedded/packed-record.ts';
import type { LogRecord } from '../../../../src/streams/log/record.ts';

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 100 }).map((array) => Buffer.from(array)),
  fc.string({ unit: 'grapheme', maxLength: 100 }),
);
const content: fc.Arbitrary<RecordContent> = fc.record(
  {
    key: fc.option(bytes),
    value: fc.option(bytes),
    headers: fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 20 }), bytes, { maxKeys: 4 }),
  },
  { requiredKeys: ['key', 'value'] },
);
const entry = fc.record({ content, gap: fc.nat(1000), timestamp: fc.constantFrom(1, 2, 1_700_000_000_123) });

const allocate = (size: number): Buffer => Buffer.allocUnsafe(size);
const asBuffer = (from: Buffer | string | null): Buffer | null => (typeof from === 'string' ? Buffer.from(from) : from);

function seal(builder: BatchBuilder, span: number, base: number): Buffer {
  const batch = builder.seal(span, allocate);
  setBaseOffset(batch, base);
  return batch;
}

function unpack(batch: Buffer, from = 0, to = Infinity): readonly LogRecord[] {
  const records: LogRecord[] = [];
  unpackBatch(batch, from, to, records);
  return records;
}

describe('a packed batch', () => {
  it('gives back what was packed, whatever it is', () => {
    const builder = new BatchBuilder();
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 30 }), fc.nat(2 ** 50), (entries, base) => {
        let delta = -1;
        const deltas = entries.map(({ gap }) => (delta += gap + 1));
        entries.forEach(({ content: packed, timestamp }, i) => builder.add(packed, deltas[i]!, timestamp));
        const batch = seal(builder, delta + 5, base);
        checkBatch(batch, base, 'here');
        expect(offsetSpan(batch)).toBe(delta + 5);
        expect(batchTime(batch)).toBe(entries[0]!.timestamp);
        const records = unpack(batch);
        expect(records.map(({ offset }) => offset)).toEqual(deltas.map((each) => base + each));
        records.forEach((record, i) => {
          const { content: packed, timestamp } = entries[i]!;
          const headers = Object.entries(packed.headers ?? {}).map(([name, value]) => [name, asBuffer(value)] as const);
          expect(record.key).toEqual(asBuffer(packed.key));
          expect(record.value).toEqual(asBuffer(packed.value));
          expect(record.timestamp).toBe(timestamp);
          expect(record.headers()).toEqual(Object.fromEntries(headers));
          for (const [name, value] of headers) expect(record.header(name)).toEqual(value);
          expect(record.header('absent')).toBeUndefined();
        });
      }),
      { numRuns: 300 },
    );
  });

  it('packs records of another batch as they lie there', () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 10 }), (entries) => {
        const builder = new BatchBuilder();
        entries.forEach(({ content: packed, timestamp }, i) => builder.add(packed, i, timestamp));
        const first = seal(builder, entries.length, 40);
        const records = unpack(first);
        for (const record of records) {
          if (!(record instanceof PackedRecord)) throw new Error('not a packed record');
          builder.addPacked(record.packed, record.packedSizes, record.offset - 40, record.timestamp);
        }
        expect(seal(builder, entries.length, 40).equals(first)).toBe(true);
      }),
    );
  });

  it('gives the records of a range of offsets alone', () => {
    const builder = new BatchBuilder();
    for (const delta of [0, 3, 4, 9]) builder.add({ key: null, value: `${delta}` }, delta, 1);
    const batch = seal(builder, 12, 100);
    const values = (from: number, to: number): readonly string[] =>
      unpack(batch, from, to).map(({ value }) => String(value));
    expect(values(0, 1000)).toEqual(['0', '3', '4', '9']);
    expect(values(101, 109)).toEqual(['3', '4']);
    expect(values(103, 110)).toEqual(['3', '4', '9']);
    expect(values(110, 112)).toEqual([]);
  });

  it('holds many small records, and none at all', () => {
    const builder = new BatchBuilder();
    for (let i = 0; i < 5000; i++) builder.add({ key: null, value: `${i}` }, i, 7);
    expect(unpack(seal(builder, 5000, 0)).map(({ value }) => Number(value))).toEqual(
      Array.from({ length: 5000 }, (_, i) => i),
    );
    const empty = seal(builder, 9, 50);
    checkBatch(empty, 50, 'here');
    expect([unpack(empty), offsetSpan(empty)]).toEqual([[], 9]);
  });

  it('is full for a record that would take it over its size', () => {
    const builder = new BatchBuilder();
    expect(builder.isFullFor(10 * MAX_BATCH_BYTES)).toBe(false);
    const value = Buffer.alloc(1000);
    while (!builder.isFullFor(value.length)) builder.add({ key: null, value }, 0, 1);
    const size = seal(builder, 1, 0).length;
    expect(size).toBeLessThanOrEqual(MAX_BATCH_BYTES);
    expect(size).toBeGreaterThan(MAX_BATCH_BYTES - 1100);
  });

  it('is found out when a bit of it changes', () => {
    const builder = new BatchBuilder();
    builder.add({ key: 'key', value: 'value', headers: { name: 'header' } }, 0, 5);
    const batch = seal(builder, 1, 3);
    for (let bit = 0; bit < batch.length * 8; bit++) {
      const changed = Buffer.from(batch);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      const isVersion = bit >> 3 === 2;
      expect(() => checkBatch(changed, 3, 'here')).toThrow(isVersion ? /has format/ : /is damaged/);
    }
    expect(() => checkBatch(batch.subarray(0, 20), 3, 'here')).toThrow(/is damaged/);
    expect(() => checkBatch(batch, 4, 'here')).toThrow(/is damaged/);
  });
});
