import { describe, expect, it } from 'vitest';
import { decodePartial } from '../../../src/streams/3-silver/hour-json.ts';
import { ArenaReader } from '../../../src/streams/skew-lab/record-arena.ts';
import { runStrategy } from '../../../src/streams/skew-lab/run-strategy.ts';
import { simulateRecords } from '../../../src/streams/skew-lab/simulate-records.ts';
import { inThreadExecutors, realTime } from '../../support/skew-lab/in-thread-executors.ts';
import { labSpec } from '../../support/skew-lab/lab-spec.ts';

interface Quote {
  readonly id: string;
  readonly last_updated: string;
  readonly current_price: number;
}

/** Prices in the order of time, by coin and hour: a plain batch computation. */
function pricesOf(arena: ArenaReader): ReadonlyMap<string, readonly number[]> {
  const prices = new Map<string, number[]>();
  for (let index = 0; index < arena.records; index++) {
    const quote = JSON.parse(String(arena.record(index).value)) as Quote;
    const key = `${quote.id}|${quote.last_updated.slice(0, 13)}`;
    prices.set(key, [...(prices.get(key) ?? []), quote.current_price]);
  }
  return prices;
}

describe('the result of the aggregate', () => {
  it.each(['naive', 'salted', 'adaptive'] as const)(
    'is what a batch computation makes of the quotes: %s',
    async (strategy) => {
      const spec = labSpec({ records: 6_000 });
      const setup = { spec, arena: simulateRecords(spec) };
      const [arena, executors] = [new ArenaReader(setup.arena), inThreadExecutors(setup, 2)];
      const calibrated = { workUs: 100, sendUs: 1, receiveUs: 1 };
      const run = await runStrategy(
        { spec, arena, executors, mostExecutors: 8, clock: realTime, calibrated },
        strategy,
      );
      const rows = run.lines.filter((line) => line.includes('"open"')).map((line) => decodePartial(Buffer.from(line)));
      const expected = pricesOf(arena);
      expect(rows).toHaveLength(expected.size);
      for (const { coinId, ts, open, high, low, price, observations } of rows) {
        const prices = expected.get(`${coinId}|${new Date(ts).toISOString().slice(0, 13)}`) ?? [];
        expect({ open, high, low, observations }).toEqual({
          open: prices[0],
          high: Math.max(...prices),
          low: Math.min(...prices),
          observations: prices.length,
        });
        expect(price).toBe(prices.at(-1));
      }
    },
  );
});
