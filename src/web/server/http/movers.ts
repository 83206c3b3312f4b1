import type { ViewTable } from '../../../state/view-store.ts';
import { HOUR_MS } from '../../../streams/time.ts';
import { parseTime } from '../view/fields.ts';
import type { Mover } from '../view/rows.ts';

/** A row whose newest hour is further behind than this doesn't compete. */
const MAX_BEHIND_MS = 2 * HOUR_MS;

/** The coins by their return over 24 hours, largest first, leaving out those that went silent or have none. */
export function rankedMovers(table: ViewTable<Mover>): { readonly as_of: string | null; readonly movers: object[] } {
  const rows = [...table.entries()].map(({ value }) => value);
  const newest = rows.reduce<Mover | undefined>(
    (last, row) => (last === undefined || parseTime(row.as_of) > parseTime(last.as_of) ? row : last),
    undefined,
  );
  if (newest === undefined) return { as_of: null, movers: [] };
  const since = parseTime(newest.as_of) - MAX_BEHIND_MS;
  const ranked = rows
    .filter(({ as_of, figures }) => parseTime(as_of) >= since && typeof figures['ret_24h'] === 'number')
    .sort((a, b) => (b.figures['ret_24h'] ?? 0) - (a.figures['ret_24h'] ?? 0));
  return { as_of: newest.as_of, movers: ranked.map(({ figures, ...row }) => ({ ...row, ...figures })) };
}
