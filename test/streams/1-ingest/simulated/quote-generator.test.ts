import { describe, expect, it } from 'vitest';
import {
  QuoteGenerator,
  type MarketSpec,
  type SimulatedQuote,
} from '../../../../src/streams/1-ingest/simulated/quote-generator.ts';
import { fixture, bodies } from '../support/fixtures.ts';

const START = Date.parse('2024-01-01T00:00:00Z');
const market: MarketSpec = { seed: 'a', coins: 50, exponent: 1, startTime: START, eventMsPerQuote: 250 };

function quotes(count: number, spec: Partial<MarketSpec> = {}): readonly SimulatedQuote[] {
  const generator = new QuoteGenerator({ ...market, ...spec });
  return Array.from({ length: count }, () => generator.next());
}

/** The id of the coin of this rank. */
const coinOf = (rank: number): string => `simulated-coin-${String(rank + 1).padStart(4, '0')}`;

type Fields = Readonly<Record<string, unknown>>;
const parsed = ({ json }: SimulatedQuote): Fields => JSON.parse(json) as Fields;

describe('a simulated market', () => {
  it('is the same for the same seed and another for another', () => {
    expect(quotes(300)).toEqual(quotes(300));
    expect(quotes(300, { seed: 'b' })).not.toEqual(quotes(300));
  });

  it('goes on behind quotes that were passed over as behind quotes that were made', () => {
    const generator = new QuoteGenerator(market);
    generator.skip(200);
    expect(generator.next()).toEqual(quotes(201).at(-1));
  });

  it('has the fields of a real quote, in their order and of their types, in some 850 bytes', () => {
    const [real] = JSON.parse(fixture(bodies[0]).toString('utf8')) as readonly Fields[];
    const all = quotes(1000);
    for (const quote of all.slice(0, 100)) {
      const fields = parsed(quote);
      expect(Object.keys(fields)).toEqual(Object.keys(real!));
      for (const [name, value] of Object.entries(fields)) {
        if (value !== null && real![name] !== null) expect(typeof value).toBe(typeof real![name]);
      }
    }
    const mean = all.reduce((sum, { json }) => sum + Buffer.byteLength(json), 0) / all.length;
    expect(mean).toBeGreaterThan(800);
    expect(mean).toBeLessThan(900);
  });

  it('has usable quotes: a coin of its own, a finite price above zero within its range, its time', () => {
    for (const quote of quotes(1000)) {
      const { id, current_price: price, high_24h: high, low_24h: low, last_updated: updated } = parsed(quote);
      expect([id, quote.coinId]).toEqual([coinOf(quote.rank), coinOf(quote.rank)]);
      expect(price).toBeGreaterThan(0);
      expect(Number.isFinite(price)).toBe(true);
      expect(high).toBeGreaterThanOrEqual(Number(price));
      expect(low).toBeLessThanOrEqual(Number(price));
      expect(Date.parse(String(updated))).toBe(quote.eventTime);
    }
  });

  it('moves on in event time by its step, also by a fraction of a millisecond', () => {
    expect(quotes(4).map(({ eventTime }) => eventTime - START)).toEqual([0, 250, 500, 750]);
    expect(quotes(5, { eventMsPerQuote: 0.4 }).map(({ eventTime }) => eventTime - START)).toEqual([0, 0, 0, 1, 1]);
  });

  it('moves prices by a geometric Brownian motion: returns of about no mean and the volatility of the coin', () => {
    const series = quotes(5000, { coins: 1, eventMsPerQuote: 60_000 }).map((quote) =>
      Number(parsed(quote)['current_price']),
    );
    const returns = series.slice(1).map((price, i) => Math.log(price / series[i]!));
    const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
    const deviation = Math.sqrt(returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (returns.length - 1));
    const yearly = deviation * Math.sqrt(365 * 24 * 60);
    expect(yearly).toBeGreaterThan(0.35);
    expect(yearly).toBeLessThan(1.7);
    expect(Math.abs(mean)).toBeLessThan((6 * deviation) / Math.sqrt(returns.length));
  });
});
