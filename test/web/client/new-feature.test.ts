import { describe, expect, it } from 'vitest';
import type { FeatureDeclaration } from '../../../src/streams/4-gold/feature.ts';
import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import type { Column, MarketRow } from '../../../src/web/contract.ts';
import { explainColumn, explainFigure } from '../../../src/web/client/explain/figures.ts';
import { explainCell } from '../../../src/web/client/market-page/explain-cell.ts';
import { headlines } from '../../../src/web/client/market-page/headlines.ts';
import { isComparable } from '../../../src/web/client/market-page/is-comparable.ts';
import { tableColumns } from '../../../src/web/client/market-page/table-columns.ts';
import { columnsOf } from '../../../src/web/server/view/columns.ts';

const declare = (name: string, more: Partial<FeatureDeclaration>): FeatureDeclaration => ({
  ...{ name, hours: 168, unit: 'change', formula: 'as it may be', of: () => 0 },
  ...more,
});
const drawdown = declare('drawdown_7d', { label: 'Drawdown 7d', head: '7d low', meaning: 'How far it fell.' });
const average = declare('ema_12', { hours: 12, unit: 'price' });
const skew = declare('skew_24h', { hours: 25, unit: 'ratio', rank: 5 });
const columns = columnsOf([average, drawdown, skew, ...features], moverFeatures);
const columnOf = (name: string): Column => columns.find((column) => column.name === name)!;
const drawn = columns.map((column, index) => ({ column, index }));

const row = (value: number | null, hours: number): MarketRow => ({
  ...{ coin: 'a', ts: 0, price: 2, marketCap: null, volume: null, final: true, quotedAt: null },
  values: columns.map(() => value),
  spark: Array.from({ length: 24 }, (_, i) => (i < 24 - hours ? null : 1)),
});

describe('a declared feature', () => {
  it('comes to the page as it was declared, but for its code', () => {
    const { of, ...shown } = drawdown;
    expect(of).toBeTypeOf('function');
    expect(columnOf('drawdown_7d')).toEqual({ ...shown, table: 'features' });
    expect(JSON.parse(JSON.stringify(columns))).toEqual(columns);
  });

  it('that compares between coins has a column: changes, sizes, deviations, of each the shortest window first', () => {
    expect(tableColumns(columns).map(({ id }) => id)).toEqual([
      ...['star', 'coin', 'price', 'ret_1h', 'ret_24h', 'drawdown_7d', 'skew_24h', 'vol_24h', 'zscore_1h'],
      ...['volume', 'spark'],
    ]);
    const [column, other] = ['drawdown_7d', 'skew_24h'].map((id) =>
      tableColumns(columns).find((one) => one.id === id)!,
    );
    expect(column).toMatchObject({ label: '7d low', rank: 6, feature: { index: 1 } });
    expect(other).toMatchObject({ label: 'skew_24h', rank: 5, feature: { index: 2 } });
    expect(columns[column!.feature!.index]?.name).toBe('drawdown_7d');
  });

  it('has a pane where it has a column, and is a line over the prices where it is a price', () => {
    expect(
      ['drawdown_7d', 'skew_24h', 'zscore_1h', 'ema_12', 'n_24'].map((name) => isComparable(columnOf(name))),
    ).toEqual([true, true, true, false, false]);
  });

  it('stands beside the price where it is one of the two changes of the highest rank', () => {
    expect(headlines(drawn).map(({ column }) => column.name)).toEqual(['ret_1h', 'ret_24h']);
    const first = drawn.map((one) =>
      one.column.name === 'drawdown_7d' ? { ...one, column: { ...one.column, rank: 1 as const } } : one,
    );
    expect(headlines(first).map(({ column }) => column.name)).toEqual(['ret_24h', 'drawdown_7d']);
  });

  it('is explained: what it is, its formula and its window; one that says no more, by its name', () => {
    expect(explainColumn(columnOf('drawdown_7d'))).toEqual({
      title: 'Drawdown 7d · drawdown_7d',
      text: 'How far it fell.',
      formula: 'drawdown_7d = as it may be',
      facts: [['Window', '168 h']],
    });
    expect(explainColumn(columnOf('ema_12'))).toEqual({
      title: 'ema_12',
      formula: 'ema_12 = as it may be',
      facts: [['Window', '12 h']],
    });
  });

  it('of fewer hours than its window says so, unless it is of the two ends', () => {
    const of = (name: string) => {
      const at = { row: row(0.5, 24), name: 'A', zone: 'utc' as const };
      return explainFigure(columnOf(name), { ...at, value: 0.5, have: 20 }).text;
    };
    expect(of('drawdown_7d')).toBe('How far it fell. drawdown_7d needs 168 hours; 20 so far: it is of those.');
    expect(of('ret_24h')).toBe('How far the price of this hour is from that of 24 hours before.');
  });

  it('that looks further back than a row of the table has hours claims nothing of them', () => {
    const explained = (name: string, value: number | null, hours: number) => {
      const column = tableColumns(columns).find(({ id }) => id === name)!;
      return explainCell(row(value, hours), 'A', column, 'utc').text;
    };
    expect(explained('drawdown_7d', 0.5, 24)).toBe('How far it fell.');
    expect(explained('drawdown_7d', 0.5, 3)).toBe('How far it fell.');
    expect(explained('drawdown_7d', null, 24)).toMatch(/^drawdown_7d has no value at this hour: /);
    expect(explained('skew_24h', 0.5, 24)).toBeUndefined();
    expect(explained('skew_24h', 0.5, 10)).toBe('skew_24h needs 25 hours; 10 so far: it is of those.');
    expect(explained('ret_24h', null, 24)).toBe('ret_24h needs 25 hours; 24 so far.');
  });
});
