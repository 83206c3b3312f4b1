import type { ViewTable } from '../../../state/view-store.ts';
import { isAt, marketHour } from '../../market-hour.ts';
import { parseTime } from '../view/fields.ts';
import type { Mover } from '../view/rows.ts';

/** The coins by their return over 24 hours, largest first, leaving out those that are at another time or have none. */
export function rankedMovers(table: ViewTable<Mover>): { readonly as_of: string | null; readonly movers: object[] } {
  const rows = [...table.entries()].map(({ value }) => value);
  const hour = marketHour(rows.map(({ as_of }) => parseTime(as_of)));
  if (hour === undefined) return { as_of: null, movers: [] };
  const ranked = rows
    .filter(({ as_of, figures }) => isAt(parseTime(as_of), hour) && typeof figures['ret_24h'] === 'number')
    .sort((a, b) => (b.figures['ret_24h'] ?? 0) - (a.figures['ret_24h'] ?? 0));
  const asOf = rows.find(({ as_of }) => parseTime(as_of) === hour)?.as_of ?? null;
  return { as_of: asOf, movers: ranked.map(({ figures, ...row }) => ({ ...row, ...figures })) };
}
