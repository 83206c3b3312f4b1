import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Column, Row } from '../../../src/streams/5-lake/parquet/column.ts';
import { decodeRows } from '../../../src/streams/5-lake/parquet/decode-rows.ts';
import { encodeRows } from '../../../src/streams/5-lake/parquet/encode-rows.ts';

const columns: readonly Column[] = [
  { name: 'text', type: 'string', nullable: true },
  { name: 'raw', type: 'string', nullable: true, statistics: false },
  { name: 'count', type: 'long', nullable: false },
  { name: 'maybe', type: 'long', nullable: true },
  { name: 'price', type: 'double', nullable: true },
  { name: 'at', type: 'timestamp', nullable: false },
  { name: 'seen', type: 'timestamp', nullable: true },
  { name: 'final', type: 'boolean', nullable: false },
];
const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', 'a', 'bitcoin'));
const long = fc.oneof(fc.maxSafeInteger(), fc.constantFrom(0, -1, 2 ** 53 - 1, -(2 ** 53) + 1));
const time = fc.integer({ min: Date.UTC(0, 0), max: Date.UTC(9999, 11, 31) });
const row: fc.Arbitrary<Row> = fc.record({
  text: fc.option(text),
  raw: fc.option(text),
  count: long,
  maybe: fc.option(long),
  price: fc.option(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(-0, 5e-324))),
  at: time,
  seen: fc.option(time),
  final: fc.boolean(),
});
/** From one row to several pages, in any order: what one file has left behind must not be seen in the next. */
const rows = fc
  .tuple(fc.array(row, { minLength: 1, maxLength: 40 }), fc.constantFrom(1, 1, 1, 50, 2_000))
  .map(([few, times]) => Array.from({ length: times }, () => few).flat());

describe('rows in Parquet', () => {
  it('are read back to the same bits, file after file', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(rows, { minLength: 1, maxLength: 3 }), async (files) => {
        for (const wanted of files) {
          const seen = await decodeRows(columns, encodeRows(columns, wanted), 'test');
          expect(seen.length).toBe(wanted.length);
          const other = seen.findIndex((one, at) =>
            columns.some(({ name }) => !Object.is(one[name], wanted[at]?.[name])),
          );
          if (other >= 0) expect(seen[other], `row ${other}`).toEqual(wanted[other]);
          expect(other).toBe(-1);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are refused where a value is missing, and where the bytes are no file', async () => {
    expect(() => encodeRows(columns, [{ final: true, at: 0 }])).toThrow('the column count has no value');
    await expect(decodeRows(columns, Buffer.from('no parquet'), 'a file')).rejects.toMatchObject({
      code: 'table-corrupt',
    });
  });
});
