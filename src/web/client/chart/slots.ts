import type { HistoryRow } from '../../contract.ts';

const HOUR_MS = 3_600_000;

/** One hour of the time axis: with a row, or a gap. */
export interface Slot {
  readonly ts: number;
  readonly row: HistoryRow | undefined;
}

/** Every hour from the first row to the last: a gap takes the room that it took. Rows ascend, one an hour. */
export function slotsOf(rows: readonly HistoryRow[]): readonly Slot[] {
  const slots: Slot[] = [];
  for (const row of rows) {
    const before = slots.at(-1);
    for (let ts = (before?.ts ?? row.ts) + HOUR_MS; ts < row.ts; ts += HOUR_MS) slots.push({ ts, row: undefined });
    slots.push({ ts: row.ts, row });
  }
  return slots;
}

/** How the hours of a change reach a chart whose newest hour is `last`: added behind it, changed within, or all anew. */
export function placeRows(
  rows: readonly HistoryRow[],
  first: number,
  last: number,
):
  | { readonly kind: 'anew' }
  | { readonly kind: 'placed'; readonly within: readonly Slot[]; readonly behind: readonly Slot[] } {
  if (!Number.isFinite(last) || rows.some(({ ts }) => ts < first)) return { kind: 'anew' };
  const within = rows.filter(({ ts }) => ts <= last).map((row) => ({ ts: row.ts, row }));
  const behind: Slot[] = [];
  for (const row of rows) {
    if (row.ts <= last) continue;
    const from = behind.at(-1)?.ts ?? last;
    for (let ts = from + HOUR_MS; ts < row.ts; ts += HOUR_MS) behind.push({ ts, row: undefined });
    behind.push({ ts: row.ts, row });
  }
  return { kind: 'placed', within, behind };
}
