import type { CoinSummary } from '../3-silver/coin-summary.ts';
import type { HourTables } from '../3-silver/hour-state.ts';

/** Has the tables say of a coin what its hours say, and nothing where it has none. Inside a state transaction. */
export function summarizeCoin(tables: HourTables, partition: number, coinId: string): void {
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
