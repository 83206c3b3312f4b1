import fc from 'fast-check';
import type { OutputRecord } from '../../../src/streams/log/log.ts';

export const HOURS_TOPIC = 'hours';
export const PARTITIONS = 2;

/** Coins that are hostile as paths, and one that is not. */
const COINS = ['bitcoin', '1move token', '../etc', '100%', 'a/b=c', 'ü\u{1f600}'] as const;

/** Hours on both sides of a month's end, so that a coin has several files; and one of a later day, which needs none of its own. */
const HOURS = [
  ...Array.from({ length: 12 }, (_, index) => Date.UTC(2023, 10, 30, 18 + index)),
  Date.UTC(2023, 11, 9, 3),
];

const iso = (ts: number): string => new Date(ts).toISOString();

/** A record of an hourly topic: a row that is final or not, or a tombstone. */
export const hourRecord: fc.Arbitrary<OutputRecord> = fc
  .record({
    coin: fc.integer({ min: 0, max: COINS.length - 1 }),
    ts: fc.constantFrom(...HOURS),
    price: fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
    marketCap: fc.option(fc.double({ min: 1, max: 1e12, noNaN: true })),
    kind: fc.constantFrom('final', 'final', 'final', 'open', 'gone'),
    observedAt: fc.constantFrom(undefined, iso(HOURS[0] ?? 0), 'some time ago'),
  })
  .map(({ coin, ts, price, marketCap, kind, observedAt }) => {
    const coin_id = COINS[coin] ?? '';
    const row = { coin_id, ts: iso(ts), price, market_cap: marketCap, n: coin, final: kind === 'final' };
    return {
      topic: HOURS_TOPIC,
      partition: coin % PARTITIONS,
      key: `${coin_id}|${iso(ts)}`,
      value: kind === 'gone' ? null : JSON.stringify(row),
      ...(observedAt !== undefined && { headers: { observed_at: observedAt } }),
    };
  });

/** The plainest of models: the latest record of each key below the given offsets, where it is a final row. */
export function finalRows(records: readonly OutputRecord[], ends: ReadonlyMap<number, number>): readonly unknown[] {
  const latest = new Map<string, unknown>();
  const offsets = new Map<number, number>();
  for (const { partition, key, value } of records) {
    const offset = offsets.get(partition) ?? 0;
    offsets.set(partition, offset + 1);
    if (offset >= (ends.get(partition) ?? 0)) continue;
    latest.set(String(key), value === null ? null : JSON.parse(String(value)));
  }
  const rows = [...latest.values()] as ({ coin_id: string; ts: string; final: boolean } | null)[];
  return sorted(rows.filter((row) => row?.final === true).map((row) => ({ ...row, ts: Date.parse(row?.ts ?? '') })));
}

export const sorted = <Row extends { coin_id?: unknown; ts?: unknown }>(rows: readonly Row[]): readonly Row[] =>
  rows.toSorted((a, b) =>
    a.coin_id === b.coin_id ? Number(a.ts) - Number(b.ts) : String(a.coin_id) < String(b.coin_id) ? -1 : 1,
  );
