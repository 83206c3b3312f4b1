import type { Column, MarketRow } from '../../contract.ts';

/** What the table is sorted by: a fixed column or a feature's name. */
export interface SortOrder {
  readonly by: string;
  readonly descending: boolean;
}

export const usualOrder: SortOrder = { by: 'volume', descending: true };

/** `-ret_24h` is descending, `coin` ascending. */
export const parseOrder = (text: string): SortOrder =>
  text.startsWith('-') ? { by: text.slice(1), descending: true } : { by: text, descending: false };

export const formatOrder = ({ by, descending }: SortOrder): string => `${descending ? '-' : ''}${by}`;

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
): readonly MarketRow[] {
  const direction = order.descending ? -1 : 1;
  if (order.by === 'coin') return [...rows].sort((a, b) => direction * byName(a, b));
  const figure = figureOf(order.by, columns);
  return [...rows].sort((a, b) => {
    const [x, y] = [figure(a), figure(b)];
    if (x === null || y === null) return x === y ? byName(a, b) : x === null ? 1 : -1;
    return x === y ? byName(a, b) : direction * (x - y);
  });
}

/** The rows whose name holds every word of the filter. */
export function filterCoins(rows: readonly MarketRow[], filter: string): readonly MarketRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return words.length === 0
    ? rows
    : rows.filter(({ coin }) => words.every((word) => coin.toLowerCase().includes(word)));
}

function figureOf(by: string, columns: readonly Column[]): (row: MarketRow) => number | null {
  switch (by) {
    case 'price':
      return ({ price }) => price;
    case 'volume':
      return ({ volume }) => volume;
    case 'market_cap':
      return ({ marketCap }) => marketCap;
  }
  const index = columns.findIndex(({ name }) => name === by);
  return ({ values }) => values[index] ?? null;
}

const byName = (a: MarketRow, b: MarketRow): number => (a.coin < b.coin ? -1 : a.coin > b.coin ? 1 : 0);
