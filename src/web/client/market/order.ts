import type { Column, MarketRow } from '../../contract.ts';

/** What the table is sorted by: a fixed column or a feature's name. */
export interface SortOrder {
  readonly by: string;
  readonly descending: boolean;
}

/** What people call coins; {@link Market} knows. */
export interface Naming {
  nameOf(coin: string): string;
  symbolOf(coin: string): string | null;
}

export const usualOrder: SortOrder = { by: 'volume', descending: true };

/** `-ret_24h` is descending, `coin` ascending. */
export const parseOrder = (text: string): SortOrder =>
  text.startsWith('-') ? { by: text.slice(1), descending: true } : { by: text, descending: false };

export const formatOrder = ({ by, descending }: SortOrder): string => `${descending ? '-' : ''}${by}`;

/** The order wanted, where there is what it sorts by; the usual one where a link names a feature that is no more. */
export const knownOrder = (order: SortOrder, columns: readonly Column[]): SortOrder =>
  order.by === 'coin' || fixedFigures.has(order.by) || columns.some(({ name }) => name === order.by)
    ? order
    : usualOrder;

/** A click on a column's head: figures begin with the largest, names with the first; a second click turns it round. */
export function toggledOrder(order: SortOrder, by: string): SortOrder {
  if (order.by === by) return { by, descending: !order.descending };
  return { by, descending: by !== 'coin' };
}

/** The coins in that order; those without a figure last, equals by name, so that the order is total. */
export function sortCoins(
  rows: readonly MarketRow[],
  order: SortOrder,
  columns: readonly Column[],
  naming: Naming = byId,
): readonly MarketRow[] {
  const direction = order.descending ? -1 : 1;
  const byName = nameOrder(rows, naming);
  if (order.by === 'coin') return [...rows].sort((a, b) => direction * byName(a, b));
  const figure = figureOf(order.by, columns);
  return [...rows].sort((a, b) => {
    const [x, y] = [figure(a), figure(b)];
    if (x === null || y === null) return x === y ? byName(a, b) : x === null ? 1 : -1;
    return x === y ? byName(a, b) : direction * (x - y);
  });
}

/** The rows whose name, symbol or id holds every word of the filter. */
export function filterCoins(rows: readonly MarketRow[], filter: string, naming: Naming = byId): readonly MarketRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter(({ coin }) => {
    const names = `${coin}\n${naming.nameOf(coin)}\n${naming.symbolOf(coin) ?? ''}`.toLowerCase();
    return words.every((word) => names.includes(word));
  });
}

const byId: Naming = { nameOf: (coin) => coin, symbolOf: () => null };

type Figure = (row: MarketRow) => number | null;

const fixedFigures: ReadonlyMap<string, Figure> = new Map<string, Figure>([
  ['price', ({ price }) => price],
  ['volume', ({ volume }) => volume],
  ['market_cap', ({ marketCap }) => marketCap],
]);

function figureOf(by: string, columns: readonly Column[]): Figure {
  const fixed = fixedFigures.get(by);
  if (fixed !== undefined) return fixed;
  const index = columns.findIndex(({ name }) => name === by);
  return ({ values }) => values[index] ?? null;
}

/** By name without regard to case; coins of one name by id. */
function nameOrder(rows: readonly MarketRow[], naming: Naming): (a: MarketRow, b: MarketRow) => number {
  const names = new Map(rows.map(({ coin }) => [coin, naming.nameOf(coin).toLowerCase()]));
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return (a, b) => compare(names.get(a.coin) ?? '', names.get(b.coin) ?? '') || compare(a.coin, b.coin);
}
