import type { CoinSummary } from '../3-silver/coin-summary.ts';
import type { HourTables } from '../3-silver/hour-state.ts';
import type { RowAddress } from './changelog-record.ts';

/** Removes an hour from the tables; of its coin they know what its other hours say. Inside a state transaction. */
export function removeHour(tables: HourTables, partition: number, { coinId, ts }: RowAddress): void {
  tables.hours.remove(partition, coinId, ts);
  let summary: CoinSummary | undefined;
  tables.hours.visit(partition, coinId, -8.64e15, 8.64e15, (row) => (summary = widen(summary, row)));
  if (summary === undefined) tables.coins.remove(partition, coinId, 0);
  else tables.coins.put(partition, coinId, 0, summary);
}

/** What is known of a coin, with another of its hours. */
export const widen = (
  summary: CoinSummary | undefined,
  row: { readonly ts: number; readonly observedAt: number },
): CoinSummary => ({
  observedAt: Math.max(summary?.observedAt ?? -Infinity, row.observedAt),
  newest: Math.max(summary?.newest ?? -Infinity, row.ts),
});
