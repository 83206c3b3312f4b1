import type { HistoryRow } from '../../contract.ts';

const HOUR_MS = 3_600_000;

/** How many of the hours in `(ts - hours, ts]` have a row. Rows ascend. */
export function hoursHeld(rows: readonly HistoryRow[], ts: number, hours: number): number {
  const from = ts - hours * HOUR_MS;
  let held = 0;
  for (let i = rows.length - 1; i >= 0; i--) {
    const at = rows[i]?.ts ?? -Infinity;
    if (at <= from) break;
    if (at <= ts) held += 1;
  }
  return held;
}
