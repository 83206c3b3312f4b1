import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CoinChange } from '../../../src/streams/3-silver/coin-change.ts';
import type { StoredHour } from '../../../src/streams/3-silver/stored-hour.ts';
import type { FeatureDeclaration } from '../../../src/streams/4-gold/feature.ts';
import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import { encodeFeatureRow, encodeMoverRow } from '../../../src/streams/4-gold/gold-json.ts';
import { createRoller, type GoldSpec, rollWindows } from '../../../src/streams/4-gold/roll-windows.ts';
import { batchGold, hourNumber, HourSeries, storedHour } from '../../support/hour-series.ts';
import { marbles } from '../../support/marbles.ts';

const gold: GoldSpec = { features, movers: moverFeatures };
/** Whatever else is declared: the longest window of these is 72 hours. */
const upTo72: GoldSpec = { ...gold, features: features.filter(({ hours }) => hours <= 72) };

/** A series with a price at each of these hours. */
const seriesAt = (numbers: readonly number[]): HourSeries =>
  new HourSeries(numbers.map((number) => storedHour(number, number + 1)));

/** A change of some of the series' hours, each of which reaches unless it is named otherwise. */
function changeOf(series: HourSeries, numbers: readonly number[], reachesNot: readonly number[] = []): CoinChange {
  const rows = series.all.filter(({ ts }) => numbers.includes(hourNumber(ts)));
  return {
    coinId: 'a',
    newest: series.all.at(-1)!.ts,
    hours: rows.map((row) => ({ row, reaches: !reachesNot.includes(hourNumber(row.ts)) })),
  };
}

const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i);

const rolled = (series: HourSeries, ...change: [readonly number[], (readonly number[])?]) => {
  const { features: rows, mover } = createRoller(upTo72, series)(changeOf(series, ...change));
  return { rows: rows.map(({ ts }) => hourNumber(ts)), mover: mover && hourNumber(mover.asOf) };
};

describe('a changed hour', () => {
  it('changes its row and those of the 71 hours after it, where they exist, each once', () => {
    const series = seriesAt([...range(0, 40), ...range(45, 200)]);
    expect(rolled(series, [10])).toEqual({ rows: [...range(10, 40), ...range(45, 82)], mover: undefined });
    expect(rolled(series, [10, 12, 50])).toEqual({ rows: [...range(10, 40), ...range(45, 122)], mover: undefined });
  });

  it('changes its own row alone where no price, high or low is new', () => {
    expect(rolled(seriesAt(range(0, 100)), [10, 12], [10, 12])).toEqual({ rows: [10, 12], mover: undefined });
    expect(rolled(seriesAt(range(0, 100)), [10, 50], [10])).toEqual({
      rows: [10, ...range(50, 100)],
      mover: undefined,
    });
  });

  it('changes the mover row where it is the newest, or lies up to 24 hours before it', () => {
    const series = seriesAt(range(0, 100));
    expect(rolled(series, [99])).toEqual({ rows: [99], mover: 99 });
    expect(rolled(series, [75]).mover).toBe(99);
    expect(rolled(series, [74]).mover).toBeUndefined();
  });

  it('does not change the mover row where no price, high or low is new, unless it is the newest', () => {
    const series = seriesAt(range(0, 100));
    expect(rolled(series, [98], [98]).mover).toBeUndefined();
    expect(rolled(series, [99], [99])).toEqual({ rows: [99], mover: 99 });
  });

  it('alone in its series is computed', () => {
    expect(rolled(seriesAt([7]), [7])).toEqual({ rows: [7], mover: 7 });
  });

  it('is told with everything that goes into a row', () => {
    const row = storedHour(3, 5, { high: 9, low: 2, marketCap: 70, volume: null, final: true });
    const series = new HourSeries([row]);
    const { features: rows, mover, hours } = createRoller(gold, series)(changeOf(series, [3]));
    expect(rows).toEqual([
      expect.objectContaining({ coinId: 'a', ts: row.ts, price: 5, marketCap: 70, volume: null, final: true }),
    ]);
    expect(mover).toMatchObject({ coinId: 'a', asOf: row.ts, price: 5, marketCap: 70, volume: null });
    expect(mover?.features).toEqual({ ret_24h: null, vol_24h: null, high_24h: 9, low_24h: 2 });
    expect(hours).toEqual([{ row, reaches: true }]);
  });
});

it('what is declared is what is computed, over the windows that are declared', () => {
  const declare = (name: string, hours: number): FeatureDeclaration => ({
    ...{ name, hours, unit: 'price', formula: '' },
    of: (window) => window.price(hours - 1),
  });
  const spec: GoldSpec = { features: [declare('two', 2), declare('five', 5)], movers: [declare('three', 3)] };
  const series = seriesAt(range(0, 20));
  const { features: rows, mover } = createRoller(spec, series)(changeOf(series, [10]));
  expect(rows.map(({ ts }) => hourNumber(ts))).toEqual(range(10, 15));
  expect(rows[0]?.features).toEqual({ two: 10, five: 7 });
  expect(mover).toBeUndefined();
  expect(createRoller(spec, series)(changeOf(series, [17])).mover?.features).toEqual({ three: 18 });
});

it('the oldest hour of every window is in it, and none before it', () => {
  const longest = Math.max(...gold.features.map(({ hours }) => hours));
  // It falls, and then rises: the highest, and then the lowest, of a window is its oldest hour.
  const hours = range(0, 4 * longest).map((number) => storedHour(number, 1 + Math.abs(number - 2 * longest)));
  const series = new HourSeries();
  const { features: rows } = createRoller(gold, series)(put(series, hours));
  const published = rows.map((row) => JSON.parse(encodeFeatureRow(row)) as unknown);
  expect(published).toEqual(batchGold('a', series.all).features);
});

it('as an operator it maps changes one by one', () => {
  const series = seriesAt(range(0, 3));
  const [a, b] = [changeOf(series, [0]), changeOf(series, [2])];
  const roll = createRoller(gold, series);
  marbles(({ hot, expectObservable }) => {
    expectObservable(hot('-a-b|', { a, b }).pipe(rollWindows(gold, series))).toBe('-a-b|', { a: roll(a), b: roll(b) });
    expectObservable(hot('-#', { a }).pipe(rollWindows(gold, series))).toBe('-#');
  });
});

describe('the law of rolled windows', () => {
  const figure = fc.constantFrom(null, 1, 2.5e9);
  const hour = fc.record({
    number: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 0, max: 110 }) },
      { weight: 1, arbitrary: fc.integer({ min: -300, max: 400 }) },
    ),
    price: fc.oneof(fc.constantFrom(1, 2, 3), fc.double({ min: 1e-300, max: 1e300, noNaN: true })),
    spread: fc.constantFrom(1, 2),
    marketCap: figure,
    volume: figure,
    final: fc.boolean(),
  });
  const commits = fc.array(fc.array(hour, { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 8 });

  it('says that what was published last equals what a batch job computes of all hours, bit for bit', () => {
    fc.assert(
      fc.property(commits, (all) => {
        const series = new HourSeries();
        const roll = createRoller(gold, series);
        const published = new Map<string, unknown>();
        for (const rows of all) {
          const stored = rows.map(({ number, price, spread, ...rest }) =>
            storedHour(number, price, { high: price * spread, low: price / spread, ...rest }),
          );
          const { features: changed, mover } = roll(put(series, stored));
          for (const row of changed) published.set(new Date(row.ts).toISOString(), JSON.parse(encodeFeatureRow(row)));
          expect(new Set(changed.map(({ ts }) => ts)).size).toBe(changed.length);
          if (mover !== undefined) published.set('mover', JSON.parse(encodeMoverRow(mover)));
          const wanted = batchGold('a', series.all);
          expect(published).toEqual(
            new Map<string, unknown>([
              ...wanted.features.map((row) => [row.ts, row] as const),
              ['mover', wanted.mover],
            ]),
          );
        }
      }),
      { numRuns: 150 },
    );
  });
});

/** Puts the hours into the series, as a commit does; the change that it is. */
function put(series: HourSeries, rows: readonly StoredHour[]): CoinChange {
  const changes = new Map<number, { readonly row: StoredHour; readonly reaches: boolean }>();
  for (const row of new Map(rows.map((each) => [each.ts, each])).values()) {
    const before = series.get(row.ts);
    const reaches = before?.price !== row.price || before.high !== row.high || before.low !== row.low;
    changes.set(row.ts, { row, reaches });
    series.put(row);
  }
  const hours = [...changes.values()].sort((a, b) => a.row.ts - b.row.ts);
  return { coinId: 'a', hours, newest: series.all.at(-1)!.ts };
}
