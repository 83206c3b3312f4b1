import type { QuoteCounts } from '../3-silver/quote-counts.ts';
import type { Carried } from '../task/positions.ts';

/** The counts that a position holds; 0 for those that it does not. */
export function carriedCounts(carried: Carried): QuoteCounts {
  const of = (name: keyof QuoteCounts): number => Number(carried[name] ?? 0);
  return { records: of('records'), ticks: of('ticks'), no_quote: of('no_quote'), dead_letters: of('dead_letters') };
}
