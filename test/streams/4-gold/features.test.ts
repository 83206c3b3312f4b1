import { describe, expect, it } from 'vitest';
import { DenseHours } from '../../../src/streams/4-gold/dense-hours.ts';
import { evaluate, reachOf } from '../../../src/streams/4-gold/evaluate.ts';
import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import { HOUR_MS } from '../../../src/streams/time.ts';
import { batchGold, SERIES_START, storedHour } from '../../support/hour-series.ts';

/** Prices by the number of their hour; or price, high and low. */
type Series = Readonly<Record<number, number | readonly [price: number, high: number, low: number]>>;

function valuesAt(series: Series, hour: number, declared = [...features, ...moverFeatures]) {
  const dense = new DenseHours();
  dense.reset(SERIES_START - 100 * HOUR_MS, SERIES_START + (hour + 1) * HOUR_MS);
  for (const [number, figures] of Object.entries(series)) {
    const [price, high, low] = typeof figures === 'number' ? [figures, figures, figures] : figures;
    if (Number(number) <= hour) dense.set(SERIES_START + Number(number) * HOUR_MS, price, high, low);
  }
  dense.seal();
  return evaluate(declared, dense.at(SERIES_START + hour * HOUR_MS));
}

/** A price at each of the hours `[0, length)`. */
const steady = (length: number, price: (hour: number) => number): Series =>
  Object.fromEntries(Array.from({ length }, (_, hour) => [hour, price(hour)]));

describe('on a few hours with a gap', () => {
  //             hour     0  1  2     4
  const series: Series = { 0: 1, 1: 2, 2: 1, 4: 4 };

  it('the first hour has means and counts of itself, and nothing that needs another', () => {
    expect(valuesAt(series, 0)).toMatchObject({
      ...{ ret_1h: null, ma_24: 1, ma_72: 1, vol_24h: null, zscore_1h: null, n_24: 1, n_72: 1 },
      ...{ ret_24h: null, high_24h: 1, low_24h: 1 },
    });
  });

  it('the second has a return, but a deviation needs two', () => {
    expect(valuesAt(series, 1)).toMatchObject({ ret_1h: 1, ma_24: 1.5, vol_24h: null, zscore_1h: null, n_24: 2 });
  });

  it('the third has them all: returns 1 and -1/2, their mean 1/4, squares of 3/4 twice', () => {
    const vol = Math.sqrt(9 / 16 + 9 / 16);
    expect(valuesAt(series, 2)).toMatchObject({
      ret_1h: -0.5,
      ma_24: 4 / 3,
      vol_24h: vol,
      zscore_1h: -0.75 / vol,
      n_24: 3,
    });
  });

  it('the one behind the gap has no return, and the deviation of those before the gap', () => {
    expect(valuesAt(series, 4)).toMatchObject({
      ...{ ret_1h: null, ma_24: 2, ma_72: 2, vol_24h: Math.sqrt(9 / 8), zscore_1h: null, n_24: 4, n_72: 4 },
      ...{ high_24h: 4, low_24h: 1 },
    });
  });
});

describe('a window is one of time, not of rows: it begins behind h − n hours', () => {
  it.each([
    ['ma_24', 23, 3],
    ['ma_24', 24, 5],
    ['n_24', 23, 2],
    ['n_24', 24, 1],
    ['ma_72', 71, 3],
    ['ma_72', 72, 5],
    ['n_72', 71, 2],
    ['n_72', 72, 1],
  ] as const)('%s sees hour 0 from hour %d or not: %d', (name, hour, wanted) => {
    expect(valuesAt({ 0: 1, [hour]: 5 }, hour)[name]).toBe(wanted);
  });

  it('vol_24h and zscore_1h see the return of hour 1 until hour 24, whose price of hour 0 lies outside', () => {
    const series = { 0: 1, 1: 2, 23: 2, 24: 1, 25: 1 };
    expect(valuesAt(series, 24)).toMatchObject({ vol_24h: Math.sqrt(9 / 8), zscore_1h: -0.75 / Math.sqrt(9 / 8) });
    expect(valuesAt(series, 25)).toMatchObject({ vol_24h: Math.sqrt(1 / 8), zscore_1h: 0.25 / Math.sqrt(1 / 8) });
  });

  it('high_24h and low_24h see hour 0 until hour 23, and take highs and lows, not prices', () => {
    const series: Series = { 0: [5, 9, 1], 23: [5, 6, 4], 24: [5, 7, 3] };
    expect(valuesAt(series, 23)).toMatchObject({ high_24h: 9, low_24h: 1 });
    expect(valuesAt(series, 24)).toMatchObject({ high_24h: 7, low_24h: 3 });
  });

  it('ret_24h is over the hour that lies 24 hours back, and over no other', () => {
    expect(valuesAt({ 0: 4, 24: 5 }, 24)).toMatchObject({ ret_24h: 0.25 });
    expect(valuesAt({ 0: 4, 23: 9, 25: 5 }, 25)).toMatchObject({ ret_24h: null });
    expect(valuesAt({ 1: 4, 24: 5 }, 24)).toMatchObject({ ret_24h: null });
  });

  it('ret_1h is over the hour before, and over no other', () => {
    expect(valuesAt({ 4: 4, 5: 5 }, 5)).toMatchObject({ ret_1h: 0.25 });
    expect(valuesAt({ 3: 4, 5: 5 }, 5)).toMatchObject({ ret_1h: null });
  });
});

describe('null is', () => {
  it('vol_24h and zscore_1h where there are fewer than two returns', () => {
    expect(valuesAt({ 0: 1, 2: 2, 3: 4, 5: 1 }, 5)).toMatchObject({ vol_24h: null, zscore_1h: null });
  });

  it('zscore_1h where this hour has no return, though there is a deviation', () => {
    const { vol_24h, zscore_1h } = valuesAt({ 0: 1, 1: 2, 2: 1, 4: 1 }, 4);
    expect([vol_24h, zscore_1h]).toEqual([Math.sqrt(9 / 8), null]);
  });

  it('zscore_1h where the deviation is 0, which is no null itself', () => {
    expect(
      valuesAt(
        steady(5, () => 3),
        4,
      ),
    ).toMatchObject({ ret_1h: 0, vol_24h: 0, zscore_1h: null });
    expect(
      valuesAt(
        steady(5, (hour) => 2 ** hour),
        4,
      ),
    ).toMatchObject({ ret_1h: 1, vol_24h: 0, zscore_1h: null });
  });

  it('a return that is not finite; it counts for no deviation', () => {
    expect(valuesAt({ 0: 5e-324, 1: 1e300, 24: 1 }, 1)).toMatchObject({ ret_1h: null, n_24: 2 });
    expect(valuesAt({ 0: 5e-324, 1: 1e300, 2: 1e300, 3: 1e300 }, 3)).toMatchObject({ vol_24h: 0 });
    expect(valuesAt({ 0: 5e-324, 24: 1e300 }, 24)).toMatchObject({ ret_24h: null });
  });

  it('a mean whose sum is not finite; the counts stay', () => {
    expect(valuesAt({ 0: 1.7e308, 1: 1.7e308 }, 1)).toMatchObject({ ma_24: null, ma_72: null, n_24: 2, n_72: 2 });
    expect(valuesAt({ 0: 1.7e308, 24: 1.7e308 }, 24)).toMatchObject({ ma_24: 1.7e308, ma_72: null });
  });

  it('a deviation that is not finite, and the score with it', () => {
    expect(valuesAt({ 0: 1e-200, 1: 1, 2: 1, 3: 2 }, 3)).toMatchObject({ ret_1h: 1, vol_24h: null, zscore_1h: null });
  });

  it('no mean, count or extreme otherwise, however few hours there are', () => {
    const { ma_24, ma_72, n_24, n_72, high_24h, low_24h } = valuesAt({ 9: 7 }, 9);
    expect([ma_24, ma_72, n_24, n_72, high_24h, low_24h]).toEqual([7, 7, 1, 1, 7, 7]);
  });
});

it('sums run in ascending order of hours: equal rows give equal bits', () => {
  expect(valuesAt({ 0: 1, 1: 1, 2: 1e16 }, 2)['ma_24']).toBe((1 + 1 + 1e16) / 3);
  expect(valuesAt({ 0: 1e16, 1: 1, 2: 1 }, 2)['ma_24']).toBe((1e16 + 1 + 1) / 3);
  expect(1 + 1 + 1e16).not.toBe(1e16 + 1 + 1);
});

it('a deviation takes a second pass, so that a large mean does not eat it', () => {
  const series = steady(4, (hour) => [1, 1e9, 1e18 + 128e9, 1e27 + 256e18][hour]!);
  const returns = [1, 2, 3].map((hour) => (series[hour] as number) / (series[hour - 1] as number) - 1);
  const mean = (returns[0]! + returns[1]! + returns[2]!) / 3;
  const squares = returns.reduce((sum, each) => sum + (each - mean) * (each - mean), 0);
  expect(valuesAt(series, 3)['vol_24h']).toBe(Math.sqrt(squares / 2));
});

describe('the declarations', () => {
  it('have the columns that the topics have, in their order', () => {
    const batch = batchGold('a', [storedHour(0, 1)]);
    const columns = features.map(({ name }) => name);
    expect(['coin_id', 'ts', 'price', 'market_cap', 'volume', ...columns, 'final']).toEqual(
      Object.keys(batch.features[0]!),
    );
    const figures = moverFeatures.map(({ name }) => name);
    expect(['coin_id', 'as_of', 'price', ...figures, 'volume', 'market_cap']).toEqual(Object.keys(batch.mover));
  });

  it('read no hour beyond the window that they declare: what lies behind it changes nothing', () => {
    const all = steady(101, (hour) => 1 + ((hour * 7919) % 31));
    for (const each of [...features, ...moverFeatures]) {
      const inside = Object.entries(all).filter(([hour]) => Number(hour) > 100 - each.hours);
      const [whole, cut] = [valuesAt(all, 100, [each]), valuesAt(Object.fromEntries(inside), 100, [each])];
      expect(cut, each.name).toEqual(whole);
      expect(whole[each.name], each.name).not.toBeNull();
    }
  });

  it('read the oldest hour that they declare', () => {
    const all = steady(101, (hour) => 1 + ((hour * 7919) % 31));
    for (const each of [...features, ...moverFeatures]) {
      const without = Object.fromEntries(Object.entries(all).filter(([hour]) => Number(hour) !== 101 - each.hours));
      // An extreme may be the same without it, and a count with another price: one of the two tells.
      const changed = { ...all, [101 - each.hours]: [1e6, 1e6, 1e-6] as const };
      const [whole, others] = [valuesAt(all, 100, [each]), [without, changed].map((one) => valuesAt(one, 100, [each]))];
      expect(
        others.some((one) => one[each.name] !== whole[each.name]),
        each.name,
      ).toBe(true);
    }
  });

  it('reach as far as the longest of them, and one hour at least', () => {
    const [shortest, longest] = [
      features.find(({ hours }) => hours === 2)!,
      features.find(({ hours }) => hours === 72)!,
    ];
    expect(reachOf([shortest, longest, shortest])).toBe(72);
    expect([reachOf(moverFeatures), reachOf([])]).toEqual([25, 1]);
  });
});
