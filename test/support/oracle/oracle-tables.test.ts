import { describe, expect, it } from 'vitest';
import { oracleTables } from './oracle-tables.ts';
import type { SourceRecord } from './source-record.ts';

const START = Date.parse('2023-12-01T00:00:00Z');
const HOUR_MS = 3_600_000;
const iso = (time: number): string => new Date(time).toISOString();

interface Quote {
  readonly at: number;
  readonly price: number;
  readonly seen?: number;
  readonly cap?: number | null;
  readonly volume?: number | null;
  readonly id?: string;
}

/** A record; `at` and `seen` are ms after the start, observed when updated unless said otherwise. */
const record = ({ at, price, seen = at, cap = null, volume = null, id = 'a' }: Quote): SourceRecord => ({
  key: Buffer.from(id),
  value: Buffer.from(
    JSON.stringify({ id, current_price: price, market_cap: cap, total_volume: volume, last_updated: iso(START + at) }),
  ),
  headers: { observed_at: iso(START + seen) },
  timestamp: 0,
});

/** The tables of a coin with one tick in each hour named. */
const hourly = (prices: Readonly<Record<number, number>>) =>
  oracleTables(Object.entries(prices).map(([hour, price]) => record({ at: Number(hour) * HOUR_MS, price })));
const featuresAt = (tables: ReturnType<typeof oracleTables>, hour: number): unknown =>
  tables.features.get(`a|${iso(START + hour * HOUR_MS)}`);

describe('Silver by hand', () => {
  it('takes open and close by event time, extremes over all, and counts every record, in any order', () => {
    const records = [
      record({ at: 1_800_000, price: 3, seen: 1_800_500, cap: 30, volume: 300 }),
      record({ at: 0, price: 2, seen: 4_000_000 }),
      record({ at: 600_000, price: 5 }),
      record({ at: 600_000, price: 5 }),
      record({ at: 900_000, price: 1 }),
    ];
    const expected = {
      coin_id: 'a',
      ts: '2023-12-01T00:00:00.000Z',
      price: 3,
      open: 2,
      high: 5,
      low: 1,
      market_cap: 30,
      volume: 300,
      observations: 5,
      open_event_ts: '2023-12-01T00:00:00.000Z',
      open_observed_at: '2023-12-01T01:06:40.000Z',
      close_event_ts: '2023-12-01T00:30:00.000Z',
      close_observed_at: '2023-12-01T00:30:00.500Z',
      observed_at: '2023-12-01T01:06:40.000Z',
      final: false,
    };
    for (const input of [records, [...records].reverse()]) {
      expect([...oracleTables(input).silver]).toEqual([['a|2023-12-01T00:00:00.000Z', expected]]);
    }
  });

  it.each<[string, Quote, Quote]>([
    ['observed at', { at: 5, price: 9, seen: 6 }, { at: 5, price: 1, seen: 7 }],
    ['price', { at: 5, price: 1, cap: 9 }, { at: 5, price: 2, cap: 1 }],
    ['market cap, null lowest', { at: 5, price: 1, cap: null, volume: 9 }, { at: 5, price: 1, cap: -4, volume: 1 }],
    ['market cap', { at: 5, price: 1, cap: 3, volume: 9 }, { at: 5, price: 1, cap: 4, volume: 1 }],
    ['volume, null lowest', { at: 5, price: 1, cap: 3, volume: null }, { at: 5, price: 1, cap: 3, volume: 1 }],
  ])('breaks a tie of event times by %s', (_, lower, higher) => {
    for (const quotes of [
      [lower, higher],
      [higher, lower],
    ]) {
      const [row] = [...oracleTables(quotes.map((quote) => record(quote))).silver.values()];
      expect(row).toMatchObject({ price: higher.price, open: lower.price });
      expect(row).toMatchObject({ market_cap: higher.cap ?? null, volume: higher.volume ?? null });
    }
  });

  it('calls a row final once an observation lies after its end plus the grace', () => {
    const finals = (seen: number): unknown =>
      [...oracleTables([record({ at: 0, price: 1 }), record({ at: HOUR_MS, price: 1, seen })]).silver.values()].map(
        (row) => row.final,
      );
    expect(finals(HOUR_MS + 600_000)).toEqual([false, false]);
    expect(finals(HOUR_MS + 600_001)).toEqual([true, false]);
    expect(finals(2 * HOUR_MS + 600_001)).toEqual([true, true]);
  });

  it("does not take one coin's observation for another's", () => {
    const tables = oracleTables([record({ at: 0, price: 1 }), record({ at: 9 * HOUR_MS, price: 1, id: 'b' })]);
    expect(tables.silver.get('a|2023-12-01T00:00:00.000Z')?.final).toBe(false);
  });
});

describe('Gold by hand', () => {
  it('computes returns, means, volatility and z-score over the hours that exist', () => {
    const tables = hourly({ 0: 1, 1: 2, 2: 1, 4: 4 });
    expect(featuresAt(tables, 0)).toEqual({
      coin_id: 'a',
      ts: '2023-12-01T00:00:00.000Z',
      price: 1,
      market_cap: null,
      volume: null,
      ret_1h: null,
      ma_24: 1,
      ma_72: 1,
      vol_24h: null,
      zscore_1h: null,
      n_24: 1,
      n_72: 1,
      final: true,
    });
    // Returns 1 and -0.5: mean 0.25, squared deviations 2 × 0.5625 over n - 1 = 1.
    expect(featuresAt(tables, 1)).toMatchObject({ ret_1h: 1, ma_24: 1.5, vol_24h: null, zscore_1h: null, n_24: 2 });
    expect(featuresAt(tables, 2)).toMatchObject({
      ret_1h: -0.5,
      ma_24: 4 / 3,
      vol_24h: Math.sqrt(1.125),
      zscore_1h: -0.75 / Math.sqrt(1.125),
      n_24: 3,
    });
    // Hour 3 is a gap: no return, no z-score, the window still holds the two returns before.
    expect(featuresAt(tables, 4)).toMatchObject({
      ret_1h: null,
      ma_24: 2,
      vol_24h: Math.sqrt(1.125),
      zscore_1h: null,
      n_24: 4,
      final: false,
    });
  });

  it('has no z-score where the volatility is 0', () => {
    expect(featuresAt(hourly({ 0: 1, 1: 2, 2: 4 }), 2)).toMatchObject({ ret_1h: 1, vol_24h: 0, zscore_1h: null });
  });

  it('ends its windows by time: 24 and 72 hours back are outside', () => {
    const tables = hourly({ 0: 64, 1: 2, 24: 4, 71: 8, 72: 1, 73: 1 });
    expect(featuresAt(tables, 24)).toMatchObject({ n_24: 2, ma_24: 3, n_72: 3 });
    expect(featuresAt(tables, 71)).toMatchObject({ n_72: 4, ma_72: 78 / 4 });
    expect(featuresAt(tables, 72)).toMatchObject({ n_72: 4, ma_72: 15 / 4, n_24: 2, ma_24: 4.5 });
    expect(featuresAt(tables, 73)).toMatchObject({ n_72: 4, ma_72: 14 / 4 });
  });

  it("keeps a return in the day's volatility until it is 24 hours old", () => {
    const tables = hourly({ 0: 1, 1: 2, 23: 2, 24: 1, 25: 1 });
    expect(featuresAt(tables, 24)).toMatchObject({ vol_24h: Math.sqrt(1.125) });
    // Hour 1's return is outside now: left are -0.5 and 0, mean -0.25.
    expect(featuresAt(tables, 25)).toMatchObject({ vol_24h: Math.sqrt(0.125), zscore_1h: 0.25 / Math.sqrt(0.125) });
  });

  it('has null for a result that is not finite', () => {
    const tables = hourly({ 0: 5e-324, 1: 1.7e308, 2: 1.7e308 });
    expect(featuresAt(tables, 1)).toMatchObject({ ret_1h: null, ma_24: 1.7e308 / 2, vol_24h: null });
    expect(featuresAt(tables, 2)).toMatchObject({ ret_1h: 0, ma_24: null, ma_72: null, n_24: 3 });
  });

  it('has one mover row a coin, at its newest hour', () => {
    const tables = oracleTables([
      // 24 hours before the newest: the base of ret_24h, but no part of the day's extremes.
      record({ at: 0, price: 200 }),
      record({ at: 1, price: 0.5 }),
      record({ at: 2, price: 4 }),
      record({ at: HOUR_MS, price: 100 }),
      record({ at: HOUR_MS + 1, price: 1 }),
      record({ at: 24 * HOUR_MS, price: 5, volume: 7, cap: 8 }),
      record({ at: 0, price: 3, id: 'b' }),
    ]);
    expect([...tables.movers]).toEqual([
      [
        'a',
        {
          coin_id: 'a',
          as_of: '2023-12-02T00:00:00.000Z',
          price: 5,
          ret_24h: 0.25,
          vol_24h: null,
          high_24h: 100,
          low_24h: 1,
          volume: 7,
          market_cap: 8,
        },
      ],
      ['b', expect.objectContaining({ as_of: '2023-12-01T00:00:00.000Z', ret_24h: null, high_24h: 3, low_24h: 3 })],
    ]);
  });
});

it('accounts for every record: tick, no quote, or dead letter with its reason', () => {
  const bytes = (text: string): SourceRecord => ({
    key: null,
    value: Buffer.from(text),
    headers: {},
    timestamp: START,
  });
  const tables = oracleTables([
    bytes('{'),
    record({ at: 0, price: 1 }),
    bytes('{"id":"a"}'),
    bytes('{}'),
    record({ at: 0, price: 0 }),
    bytes('['),
  ]);
  expect(tables.counts).toEqual({ ticks: 1, noQuote: 1, deadLetters: { 'not-json': 2, 'no-id': 1, 'bad-price': 1 } });
  expect(tables.deadLetters.map(({ index }) => index)).toEqual([0, 3, 4, 5]);
});
