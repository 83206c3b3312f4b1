import type { DriverRecord } from './driver/pipeline-driver.ts';

const HOUR_MS = 3_600_000;

/** The hour that is 0. */
export const QUOTES_START = Date.UTC(2024, 1, 28);

/** A quote, by the number of its hour. */
export interface QuoteAt {
  readonly coin?: string;
  readonly hour: number;
  readonly price: number;
  /** Milliseconds into the hour; 0 unless given. */
  readonly within?: number;
  /** Observed so many milliseconds after its event time; at once unless given. */
  readonly after?: number;
}

/** A record of `coingecko.markets` in partition 0. */
export function quote({ coin = 'bitcoin', hour, price, within = 0, after = 0 }: QuoteAt): DriverRecord {
  const eventTs = QUOTES_START + hour * HOUR_MS + within;
  return {
    partition: 0,
    key: Buffer.from(coin),
    value: Buffer.from(
      JSON.stringify({ id: coin, current_price: price, last_updated: new Date(eventTs).toISOString() }),
    ),
    headers: { observed_at: new Date(eventTs + after).toISOString(), source: 'recorded' },
  };
}

/** A quote in each of the hours `[from, to)`, with prices that go up and down. */
export const hourlyQuotes = (coin: string, from: number, to: number): readonly DriverRecord[] =>
  Array.from({ length: to - from }, (_, i) => quote({ coin, hour: from + i, price: 100 + (((from + i) * 7919) % 31) }));

/** The key of an hour's row. */
export const rowKeyOf = (coin: string, hour: number): string =>
  `${coin}|${new Date(QUOTES_START + hour * HOUR_MS).toISOString()}`;
