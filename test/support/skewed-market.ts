import { keyDraw } from '../../src/streams/skew-lab/key-draw.ts';
import type { Popularity } from '../../src/streams/skew-lab/lab-spec.ts';
import { recordOf } from './oracle/recorded-records.ts';
import type { SourceRecord } from './oracle/source-record.ts';

export interface SkewedMarketSpec {
  readonly skew: Popularity;
  readonly coins: number;
  readonly quotes: number;
  readonly hours: number;
}

const START = Date.UTC(2024, 4, 1);
const HOUR_MS = 3_600_000;

/** Quotes of a market with hot coins, out of order by up to some hours, a few twice and a few that are no use. */
export function skewedMarket(spec: SkewedMarketSpec, random: () => number): readonly SourceRecord[] {
  const { coins, quotes, hours } = spec;
  const draw = keyDraw(spec.skew, coins);
  const line = (at: number): string => {
    const eventTs = START + Math.floor(((at / quotes) * 0.9 + 0.1 * random()) * hours * HOUR_MS);
    const price = random() < 0.01 ? null : Number((100 * random()).toPrecision(6));
    const times = {
      last_updated: new Date(eventTs).toISOString(),
      observed_at: new Date(eventTs + 60_000).toISOString(),
    };
    return JSON.stringify({
      id: `coin-${draw(random)}`,
      current_price: price,
      market_cap: null,
      total_volume: 7,
      ...times,
    });
  };
  return Array.from({ length: quotes }, (_, at) => line(at))
    .flatMap((each) => (random() < 0.02 ? [each, each] : [each]))
    .map((each) => recordOf(each));
}
