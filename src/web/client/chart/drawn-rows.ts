import type { HistoryRow } from '../../contract.ts';
import { endOfReach } from '../../market-hour.ts';

/**
 * The hours of a coin that a chart draws: those that the market has reached. One quote with a date from the future would move
 * the window to it, away from everything else; a coin that has no other hours is drawn as it is. `marketHour` is undefined
 * while there are no coins. Rows ascend.
 */
export function drawnRows(rows: readonly HistoryRow[], marketHour: number | undefined): readonly HistoryRow[] {
  const end = endOfReach(marketHour);
  const drawn = rows.filter(({ ts }) => ts < end);
  return drawn.length === 0 ? rows : drawn;
}
