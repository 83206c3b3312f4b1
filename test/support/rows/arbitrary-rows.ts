import fc from 'fast-check';
import type { SilverRow } from '../../../src/streams/3-silver/hour-row.ts';
import type { FeatureDeclaration } from '../../../src/streams/4-gold/feature.ts';
import type { FeatureRow, MoverRow } from '../../../src/streams/4-gold/gold-row.ts';
import { HOUR_MS } from '../../../src/streams/time.ts';
import { partialOf, ticksOfAnHour } from '../arbitrary-ticks.ts';
import { hostileKeys } from '../state-contract.ts';

const coinId = fc.oneof(fc.constantFrom(...hostileKeys), fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }));
const hour = fc.integer({ min: -100, max: 2_000_000 }).map((hours) => hours * HOUR_MS);
const extremes = [5e-324, -5e-324, 1.7976931348623157e308, -0, 0.1 + 0.2, 2 ** 53 + 2, 1e21, 1.2e-9, -1 / 3];
const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(...extremes));
const price = fc.double({ min: Number.MIN_VALUE, noNaN: true, noDefaultInfinity: true });
const size = fc.option(number.filter((value) => value !== 0));

/** Rows of `pulse.prices_hourly`, as merges of ticks come to. */
export const silverRows: fc.Arbitrary<SilverRow> = fc
  .tuple(coinId, hour, ticksOfAnHour, fc.boolean(), fc.constantFrom(0, 2 ** 40))
  .map(([id, ts, ticks, final, more]) => {
    const row = partialOf(id, ts, ticks);
    return { ...row, observations: row.observations + more, final };
  });

const figures = (declared: readonly FeatureDeclaration[]): fc.Arbitrary<Readonly<Record<string, number | null>>> =>
  fc
    .tuple(...declared.map(() => fc.option(number)))
    .map((values) => Object.fromEntries(declared.map(({ name }, i) => [name, values[i] ?? null])));

/** Rows of `pulse.features_hourly`, with whatever figures, -0 among them. */
export const featureRows = (declared: readonly FeatureDeclaration[]): fc.Arbitrary<FeatureRow> =>
  fc.record({
    coinId,
    ts: hour,
    price,
    marketCap: size,
    volume: size,
    features: figures(declared),
    final: fc.boolean(),
  });

/** Rows of `pulse.top_movers_24h`. */
export const moverRows = (declared: readonly FeatureDeclaration[]): fc.Arbitrary<MoverRow> =>
  fc.record({ coinId, asOf: hour, price, marketCap: size, volume: size, features: figures(declared) });
