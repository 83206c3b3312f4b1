import { describe, expect, it } from 'vitest';
import { formatBytes } from '../../../src/web/client/format/bytes.ts';
import { lakeOf } from '../../../src/web/client/lake/lake-answer.ts';
import { tableFigures } from '../../../src/web/client/lake/lake-figures.ts';
import { layerOf } from '../../../src/web/client/lake/lake-texts.ts';
import type { LakeTableState } from '../../../src/web/contract.ts';

const table: LakeTableState = {
  ...{ name: 'silver/prices_hourly', kind: 'upsert', version: 12, files: 30, rows: 10_080, bytes: 1_234_567 },
  ...{ from: 0, to: 1, columns: [], updatedAt: 0 },
};

describe('the lake’s figures', () => {
  it('are those of its newest version, each with what it means and as of when', () => {
    const figures = tableFigures(table, 'utc');
    expect(figures.map(({ label, value }) => [label, value])).toEqual([
      ['Rows', '10,080'],
      ['Version', '12'],
      ['Files', '30'],
      ['Size', '1.23 MB'],
    ]);
    for (const { explanation } of figures)
      expect(explanation).toMatchObject({
        facts: expect.arrayContaining([['As of', '1 Jan 1970, 00:00 UTC']]) as unknown,
      });
    expect(tableFigures({ ...table, version: null, rows: 0 }, 'utc')).toEqual([]);
  });

  it('have sizes of three digits', () => {
    expect([0, 999, 1000, 12_345, 999_499, 999_500, 5.5e12].map(formatBytes)).toEqual([
      ...['0 B', '999 B', '1.00 kB', '12.3 kB', '999 kB', '1.00 MB', '5.50 TB'],
    ]);
  });

  it('are taken from what is an answer alone', () => {
    const lake = { tables: [table], downloads: [], problems: [] };
    expect(lakeOf(lake)).toEqual(lake);
    for (const wrong of [null, 7, '', [], {}, { tables: {} }, { tables: [], downloads: null }, { downloads: [] }])
      expect(lakeOf(wrong)).toBeUndefined();
    expect(['bronze/x', 'gold/y', 'else'].map(layerOf)).toEqual(['bronze', 'gold', 'other']);
  });
});
