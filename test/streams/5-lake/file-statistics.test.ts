import { describe, expect, it } from 'vitest';
import { fileStatistics } from '../../../src/streams/5-lake/delta/file-statistics.ts';
import type { Column } from '../../../src/streams/5-lake/parquet/column.ts';

const columns: readonly Column[] = [
  { name: 'name', type: 'string', nullable: true },
  { name: 'ts', type: 'timestamp', nullable: false },
  { name: 'price', type: 'double', nullable: true },
  { name: 'never', type: 'double', nullable: true },
  { name: 'final', type: 'boolean', nullable: true },
  { name: 'raw', type: 'string', nullable: true, statistics: false },
];

const row = (name: string | null, ts: number, price: number | null, final: boolean | null) => ({
  ...{ name, ts, price, never: null, final, raw: 'text' },
});

describe('the statistics of a file', () => {
  it('are its rows, and each column’s extremes and nulls: by them readers leave files out', () => {
    const rows = [
      row('b', 2_000, -1e300, true),
      row(null, -1, null, null),
      row('a', 1_500, 3e-310, false),
      row(null, 1_999, null, true),
    ];
    expect(JSON.parse(fileStatistics(columns, rows))).toEqual({
      numRecords: 4,
      minValues: { name: 'a', ts: '1969-12-31T23:59:59.999Z', price: -1e300 },
      maxValues: { name: 'b', ts: '1970-01-01T00:00:02.000Z', price: 3e-310 },
      nullCount: { name: 2, ts: 0, price: 2, never: 4, final: 1 },
    });
  });

  it('order text by its bytes, as readers do, and not by its UTF-16', () => {
    const rows = ['\u{1f600}', '\uffee', 'z', 'é'].map((name) => row(name, 0, 0, true));
    expect(JSON.parse(fileStatistics(columns, rows))).toMatchObject({
      minValues: { name: 'z' },
      maxValues: { name: '\u{1f600}' },
    });
  });
});
