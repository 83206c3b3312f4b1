import fc from 'fast-check';
import type { DriverRecord } from './pipeline-driver.ts';

const HOUR_MS = 3_600_000;
const BASE = Date.UTC(2024, 1, 28, 12);

/** Few values of everything, so that ticks collide in every field that the order of ticks compares. */
const eventTime = fc
  .tuple(
    fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 0, max: 12 }) },
      { weight: 2, arbitrary: fc.integer({ min: -90, max: 90 }) },
      { weight: 1, arbitrary: fc.constantFrom(-20_000, 20_000) },
    ),
    fc.constantFrom(0, 1, 1_800_000, HOUR_MS - 1),
  )
  .map(([hours, within]) => BASE + hours * HOUR_MS + within);

const figure = fc.constantFrom(null, 0, 1, 1_000_000, 3.5e11);

export const coinIds = ['bitcoin', 'ethereum', 'a|b', 'ид %/..', '-2'] as const;

const quote = fc.record({
  id: fc.constantFrom(...coinIds),
  current_price: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(1, 2, 1.2e-9, 205_378, 100.5) },
    { weight: 2, arbitrary: fc.double({ min: 1e-300, max: 1e300, noNaN: true }) },
  ),
  market_cap: figure,
  total_volume: figure,
});

const tick = fc
  .tuple(quote, eventTime, fc.constantFrom(-300_000, 0, 60_000, 1_800_000, HOUR_MS + 600_000, 50 * HOUR_MS))
  .map(([fields, eventTs, after]) =>
    record({ ...fields, last_updated: iso(eventTs) }, { observed_at: iso(eventTs + after), source: 'recorded' }),
  );

const useless = fc
  .constantFrom<readonly [string | null, string]>(
    ['{"id":"bitcoin","current_price":null,"last_updated":"2024-02-28T12:00:00.000Z"}', iso(BASE)],
    ['{"id":"bitcoin","current_price":1,"last_updated":null}', iso(BASE)],
    ['{"id":"bitcoin","current_price":0,"last_updated":"2024-02-28T12:00:00.000Z"}', iso(BASE)],
    ['{"id":"bitcoin","current_price":9,"last_updated":"2024-02-28T12:05:00.001Z"}', iso(BASE)],
    ['{"id":"bitcoin","current_price":9,"last_updated":"yesterday"}', iso(BASE)],
    ['{"status":{"error_code":429}}', iso(BASE)],
    ['not JSON', iso(BASE)],
    ['{"id":"bitcoin","current_price":5,"last_updated":"2024-02-28T12:00:00.000Z"}', 'some time'],
    [null, iso(BASE)],
  )
  .map(([value, observedAt]) => ({
    partition: 0,
    key: null,
    value: value === null ? null : Buffer.from(value),
    headers: { observed_at: observedAt },
  }));

/** Records as a hostile feed may send them; every one says when it was observed, so that arrival can't matter. */
export const arbitraryRecords: fc.Arbitrary<readonly DriverRecord[]> = fc.array(
  fc.oneof({ weight: 9, arbitrary: tick }, { weight: 1, arbitrary: useless }),
  { minLength: 1, maxLength: 120 },
);

function record(fields: Record<string, unknown>, headers: Record<string, string>): DriverRecord {
  return { partition: 0, key: Buffer.from(String(fields.id)), value: Buffer.from(JSON.stringify(fields)), headers };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
