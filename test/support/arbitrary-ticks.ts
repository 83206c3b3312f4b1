import fc from 'fast-check';
import { hourMerge } from '../../src/streams/3-silver/hour-merge.ts';
import type { Partial as PartialRow } from '../../src/streams/3-silver/hour-row.ts';
import type { Tick } from '../../src/streams/3-silver/quote-outcome.ts';
import { HOUR_MS } from '../../src/streams/time.ts';

/** The hour that the ticks of {@link ticksOfAnHour} lie in. */
export const TEST_HOUR = Date.UTC(2024, 1, 28, 12);

const figure = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(null, 1, 2, -1) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => value !== 0) },
);

const price = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(1, 2, 3) },
  { weight: 1, arbitrary: fc.double({ min: Number.MIN_VALUE, noNaN: true, noDefaultInfinity: true }) },
);

/** Ticks of few values, so that they collide in every field that their order compares. */
export const arbitraryTick = (hours: number, ids: readonly string[]): fc.Arbitrary<Tick> =>
  fc
    .record({
      coinId: fc.constantFrom(...ids),
      hour: fc.nat(hours - 1),
      within: fc.constantFrom(0, 1, HOUR_MS - 1),
      after: fc.constantFrom(-300_000, 0, 1, HOUR_MS, HOUR_MS + 600_000, HOUR_MS + 600_001, 5 * HOUR_MS),
      price,
      marketCap: figure,
      volume: figure,
    })
    .map(({ coinId, hour, within, after, ...figures }) => {
      const eventTs = TEST_HOUR + hour * HOUR_MS + within;
      return { kind: 'tick', coinId, eventTs, observedAt: eventTs + after, ...figures };
    });

/** Some ticks of one coin and hour. */
export const ticksOfAnHour: fc.Arbitrary<readonly Tick[]> = fc.array(arbitraryTick(1, ['bitcoin']), {
  minLength: 1,
  maxLength: 8,
});

/** Some partials of a few coins and hours, as stage 1 may send them: any grouping of their ticks. */
export const arbitraryPartials: fc.Arbitrary<readonly PartialRow[]> = fc.array(
  fc
    .tuple(arbitraryTick(6, ['bitcoin', 'ethereum']), ticksOfAnHour)
    .map(([{ coinId, eventTs }, ticks]) => partialOf(coinId, Math.floor(eventTs / HOUR_MS) * HOUR_MS, ticks)),
  { maxLength: 30 },
);

/** Ticks as one partial of an hour, to which they are moved. */
export function partialOf(coinId: string, hour: number, ticks: readonly Tick[]): PartialRow {
  const [first, ...others] = ticks.map((tick) => ({
    ...tick,
    eventTs: tick.eventTs - TEST_HOUR + hour,
    observedAt: tick.observedAt - TEST_HOUR + hour,
  }));
  const fold = hourMerge.lift(hour, first!);
  for (const tick of others) hourMerge.absorb(fold, tick);
  return { coinId, ...fold };
}
