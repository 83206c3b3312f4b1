import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chartQuotes, type PastQuote } from '../../../../src/streams/1-ingest/coingecko/market-chart.ts';
import { interactions } from '../support/cassette.ts';
import { fixture } from '../support/fixtures.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const T0 = Date.parse('2023-10-03T00:00:00Z');
const coin = { id: 'bitcoin', symbol: 'btc', name: 'Bitcoin' };

function quotesOf(body: unknown, fetchedAt = T0 + 10_000 * HOUR): readonly PastQuote[] {
  const found = chartQuotes(coin, body, fetchedAt);
  if (found.kind === 'unusable') throw new Error(found.why);
  return found.quotes;
}

/** [the point's own time, the event time it got, whether it was moved], in minutes from T0. */
function times(minutes: readonly number[], fetchedAt?: number): readonly (readonly [number, number])[] {
  const prices = minutes.map((minute) => [T0 + minute * MINUTE, 1]);
  return quotesOf({ prices }, fetchedAt).map(({ json, pointAt }) => {
    const eventTime = Date.parse((JSON.parse(json) as { last_updated: string }).last_updated);
    return [((pointAt ?? eventTime) - T0) / MINUTE, (eventTime - T0) / MINUTE];
  });
}

/** One millisecond before this many minutes. */
const before = (minute: number): number => minute - 1 / MINUTE;

describe('the quotes of a chart', () => {
  it('close the hour before with the points of a real hourly body, but the last one, which is off-grid', () => {
    const body = JSON.parse(fixture('charts/iamgnnr_bitcoin_chart_7d_hourly.json').toString()) as Record<
      'prices' | 'market_caps' | 'total_volumes',
      readonly (readonly [number, number])[]
    >;
    const fetchedAt = body.prices.at(-1)![0];
    const quotes = quotesOf(body, fetchedAt);
    expect(quotes).toHaveLength(169);
    quotes.forEach(({ json, pointAt }, i) => {
      const [time, price] = body.prices[i]!;
      const isLast = i === 168;
      const eventTime = isLast ? time : Math.floor(time / HOUR) * HOUR - 1;
      expect(pointAt).toBe(isLast ? undefined : time);
      expect(JSON.parse(json)).toEqual({
        ...coin,
        current_price: price,
        market_cap: body.market_caps[i]![1],
        total_volume: body.total_volumes[i]![1],
        last_updated: new Date(eventTime).toISOString(),
      });
    });
  });

  it('close an hour with a point up to five minutes off its end, on either side', () => {
    expect(times([55, 64.9, 115, 180, 245])).toEqual([
      [55, 55],
      [64.9, before(60)],
      [115, before(120)],
      [180, before(180)],
      [245, before(240)],
    ]);
    expect(times([54.9, 65.1])).toEqual([
      [54.9, 54.9],
      [65.1, 65.1],
    ]);
  });

  it('close an hour with the nearest of several points, and leave the others where they are', () => {
    expect(times([57, 61, 64])).toEqual([
      [57, 57],
      [61, before(60)],
      [64, 64],
    ]);
    expect(times([55, 60, 65, 115, 120, 125])).toEqual([
      [55, 55],
      [60, before(60)],
      [65, 65],
      [115, 115],
      [120, before(120)],
      [125, 125],
    ]);
  });

  it('close no hour that goes on yet', () => {
    expect(times([58], T0 + 58 * MINUTE)).toEqual([[58, 58]]);
    expect(times([58], T0 + 61 * MINUTE)).toEqual([[58, before(60)]]);
  });

  it('come in the order of time, whatever the order of the points', () => {
    expect(times([121, 61, 0.5, 181])).toEqual([
      [0.5, before(0)],
      [61, before(60)],
      [121, before(120)],
      [181, before(180)],
    ]);
  });

  it('leave out the hours that have no point', () => {
    expect(times([1, 61, 301])).toHaveLength(3);
  });

  it('keep nulls, zeros and exponents as they are, and take what is missing for null', () => {
    const prices = [
      [T0, null],
      [T0 + HOUR, 0],
      [T0 + 2 * HOUR, 1.2e-9],
      [T0 + 3 * HOUR, 5],
    ];
    const body = {
      prices,
      market_caps: [
        [T0, 0],
        [T0 + 2 * HOUR, 1e21],
      ],
      total_volumes: [[T0 + HOUR, 0]],
    };
    const figures = quotesOf(body).map(({ json }) => {
      const { current_price, market_cap, total_volume } = JSON.parse(json) as Record<string, unknown>;
      return [current_price, market_cap, total_volume];
    });
    expect(figures).toEqual([
      [null, 0, null],
      [0, null, 0],
      [1.2e-9, 1e21, null],
      [5, null, null],
    ]);
  });

  it('leave out what is no point', () => {
    expect(quotesOf({ prices: [null, [], ['x', 1], [T0, 1], [NaN, 2], [1e20, 3], 7] })).toHaveLength(1);
  });

  it('name the coin as far as it is known', () => {
    const found = chartQuotes({ id: '-2' }, { prices: [[T0, 1]] }, T0 + HOUR);
    expect(found).toMatchObject({
      kind: 'quotes',
      quotes: [{ json: expect.stringMatching(/^\{"id":"-2","current/u) as string }],
    });
  });

  it.each([
    ['no prices', {}],
    ['null for prices', { prices: null, market_caps: null, total_volumes: null }],
    ['no points', { prices: [] }],
    ['no object', 'x'],
  ])('are not to be had from %s', (_, body) => {
    expect(chartQuotes(coin, body, T0)).toEqual({ kind: 'unusable', why: 'holds no points' });
  });

  it.each([
    [
      'a year, the present at its end',
      JSON.parse(fixture('charts/pagrass_bitcoin_365d_bcd0858.json.gz').toString()) as unknown,
    ],
    ['a cassette', JSON.parse(interactions('market_chart_bitcoin_daily.yml')[0]!.body) as unknown],
  ])('are not to be had from daily points: %s', (_, body) => {
    expect(chartQuotes(coin, body, Date.now())).toMatchObject({
      kind: 'unusable',
      why: expect.stringContaining('a day') as string,
    });
  });

  it('have each point once, in its own hour or as the close of the one before, and one close an hour', () => {
    const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 600 }), { minLength: 1 });
    fc.assert(
      fc.property(minutes, fc.integer({ min: 0, max: 700 }), (points, now) => {
        const found = times(points, T0 + now * MINUTE);
        expect(found.map(([own]) => own)).toEqual([...points].sort((a, b) => a - b));
        const closes = found.filter(([own, event]) => own !== event).map(([, event]) => event);
        expect(new Set(closes).size).toBe(closes.length);
        for (const [own, event] of found) {
          if (own === event) continue;
          const boundary = event + 1 / MINUTE;
          expect(Math.round(boundary) % 60).toBe(0);
          expect(Math.abs(own - boundary)).toBeLessThanOrEqual(5.0001);
          expect(boundary).toBeLessThanOrEqual(now + 0.0001);
        }
      }),
      { numRuns: 300 },
    );
  });
});
