import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HourFold, hourMerge, type MergeTick } from '../../../src/streams/3-silver/hour-merge.ts';
import type { Tick } from '../../../src/streams/3-silver/quote-outcome.ts';
import { TEST_HOUR, ticksOfAnHour } from '../../support/arbitrary-ticks.ts';
import { silverRows } from '../../support/oracle/silver-rows.ts';

const fold = (ticks: readonly MergeTick[]): HourFold => {
  const into = hourMerge.lift(TEST_HOUR, ticks[0]!);
  for (const tick of ticks.slice(1)) hourMerge.absorb(into, tick);
  return into;
};

const combined = (a: HourFold, b: HourFold): HourFold => {
  const into = { ...a };
  hourMerge.combine(into, b);
  return into;
};

describe('merging hours', () => {
  it('is commutative', () => {
    fc.assert(
      fc.property(ticksOfAnHour, ticksOfAnHour, (a, b) => {
        expect(combined(fold(a), fold(b))).toEqual(combined(fold(b), fold(a)));
      }),
    );
  });

  it('is associative', () => {
    fc.assert(
      fc.property(ticksOfAnHour, ticksOfAnHour, ticksOfAnHour, (...ticks) => {
        const [a, b, c] = ticks.map(fold) as [HourFold, HourFold, HourFold];
        expect(combined(combined(a, b), c)).toEqual(combined(a, combined(b, c)));
      }),
    );
  });

  it('is idempotent in all but the count of observations', () => {
    fc.assert(
      fc.property(ticksOfAnHour, (ticks) => {
        const hour = fold(ticks);
        expect(combined(hour, hour)).toEqual({ ...hour, observations: 2 * ticks.length });
      }),
    );
  });

  it('leaves the other hour as it is', () => {
    fc.assert(
      fc.property(ticksOfAnHour, ticksOfAnHour, (a, b) => {
        const other = fold(b);
        combined(fold(a), other);
        expect(other).toEqual(fold(b));
      }),
    );
  });

  it('absorbs a tick just as it combines with the hour of that tick alone', () => {
    fc.assert(
      fc.property(ticksOfAnHour, ticksOfAnHour, (ticks, others) => {
        for (const tick of others) {
          const absorbing = fold(ticks);
          hourMerge.absorb(absorbing, tick);
          expect(absorbing).toEqual(combined(fold(ticks), hourMerge.lift(TEST_HOUR, tick)));
        }
      }),
    );
  });

  it('makes of ticks in any order and grouping what a batch job makes of them', () => {
    const grouped = ticksOfAnHour.chain((ticks) =>
      fc.record({
        ticks: fc.constant(ticks),
        order: fc.shuffledSubarray([...ticks], { minLength: ticks.length }),
        groups: fc.array(fc.nat(3), { minLength: ticks.length, maxLength: ticks.length }),
      }),
    );
    fc.assert(
      fc.property(grouped, ({ ticks, order, groups }) => {
        const parts = [0, 1, 2, 3].map((group) => order.filter((_, i) => groups[i] === group));
        const merged = parts.filter((part) => part.length > 0).map(fold);
        const hour = merged.reduce((a, b) => combined(a, b));
        const [wanted] = silverRows(ticks, 0);
        expect(asJson(hour)).toEqual({ ...wanted, coin_id: undefined, final: undefined });
      }),
    );
  });
});

const at = (change: Partial<Tick>): MergeTick => ({
  eventTs: TEST_HOUR + 5,
  observedAt: TEST_HOUR + 10,
  price: 2,
  marketCap: 20,
  volume: 200,
  ...change,
});

describe('of two ticks', () => {
  it.each<[string, Partial<Tick>, Partial<Tick>]>([
    ['event time, whatever was observed when', { eventTs: TEST_HOUR + 4, observedAt: TEST_HOUR + 99, price: 9 }, {}],
    ['observed at, where the event times are equal', { observedAt: TEST_HOUR + 9, price: 9 }, {}],
    ['price, where both times are equal', { price: 1, marketCap: 99 }, {}],
    ['market cap, where the prices are equal too', { marketCap: 19, volume: 999 }, {}],
    ['market cap, null being lowest', { marketCap: null, volume: 999 }, { marketCap: -5 }],
    ['volume, where everything else is equal', { volume: 199 }, {}],
    ['volume, null being lowest', { volume: null }, { volume: -1 }],
  ])('the later one closes the hour, by %s', (_, first, last) => {
    for (const ticks of [
      [at(first), at(last)],
      [at(last), at(first)],
    ]) {
      const { openEventTs, openObservedAt, open, closeEventTs, closeObservedAt, price, marketCap, volume } =
        fold(ticks);
      const [opening, closing] = [at(first), at(last)];
      expect([openEventTs, openObservedAt, open]).toEqual([opening.eventTs, opening.observedAt, opening.price]);
      expect([closeEventTs, closeObservedAt, price]).toEqual([closing.eventTs, closing.observedAt, closing.price]);
      expect([marketCap, volume]).toEqual([closing.marketCap, closing.volume]);
    }
  });
});

function asJson(hour: HourFold): Record<string, unknown> {
  const iso = (time: number): string => new Date(time).toISOString();
  return {
    ts: iso(hour.ts),
    price: hour.price,
    open: hour.open,
    high: hour.high,
    low: hour.low,
    market_cap: hour.marketCap,
    volume: hour.volume,
    observations: hour.observations,
    open_event_ts: iso(hour.openEventTs),
    open_observed_at: iso(hour.openObservedAt),
    close_event_ts: iso(hour.closeEventTs),
    close_observed_at: iso(hour.closeObservedAt),
    observed_at: iso(hour.observedAt),
  };
}
