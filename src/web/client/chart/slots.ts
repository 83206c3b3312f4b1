import type { HistoryRow } from '../../contract.ts';

const HOUR_MS = 3_600_000;

/** One hour of the time axis: with a row, or a gap. */
export interface Slot {
  readonly ts: number;
  readonly row: HistoryRow | undefined;
}

/**
 * Every hour from the first row to the last, a gap taking the room that it took; the newest `limit` of them. Rows ascend,
 * one an hour.
 */
export function slotsOf(rows: readonly HistoryRow[], limit: number): readonly Slot[] {
  const last = rows.at(-1);
  if (last === undefined) return [];
  const byHour = new Map(rows.map((row) => [row.ts, row]));
  const first = Math.max(rows[0]?.ts ?? last.ts, last.ts - (limit - 1) * HOUR_MS);
  return Array.from({ length: (last.ts - first) / HOUR_MS + 1 }, (_, i) => {
    const ts = first + i * HOUR_MS;
    return { ts, row: byHour.get(ts) };
  });
}

/** What a chart holds: its first and its last hour, and how many it may hold. */
export interface SlotRange {
  readonly first: number;
  readonly last: number;
  readonly limit: number;
}

/** How the hours of a change reach a chart: added behind its last, changed within, or all anew. */
export function placeRows(
  rows: readonly HistoryRow[],
  { first, last, limit }: SlotRange,
):
  | { readonly kind: 'anew' }
  | { readonly kind: 'placed'; readonly within: readonly Slot[]; readonly behind: readonly Slot[] } {
  const newest = rows.at(-1)?.ts ?? last;
  if (!Number.isFinite(last) || (newest - first) / HOUR_MS + 1 > limit) return { kind: 'anew' };
  // Hours before the first are either out of the chart's reach, or were not there when it was drawn.
  if (rows.some(({ ts }) => ts < first) && (last - first) / HOUR_MS + 1 < limit) return { kind: 'anew' };
  const within = rows.filter(({ ts }) => ts >= first && ts <= last).map((row) => ({ ts: row.ts, row }));
  const behind: Slot[] = [];
  for (const row of rows) {
    if (row.ts <= last) continue;
    const from = behind.at(-1)?.ts ?? last;
    for (let ts = from + HOUR_MS; ts < row.ts; ts += HOUR_MS) behind.push({ ts, row: undefined });
    behind.push({ ts: row.ts, row });
  }
  return { kind: 'placed', within, behind };
}
