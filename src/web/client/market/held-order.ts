import type { Column, MarketRow } from '../../contract.ts';
import { filterCoins, sortCoins, type SortOrder } from './order.ts';

/** The table's order from look to look: as sorted, or as it was while somebody points into the table. */
export class HeldOrder {
  #last: { readonly order: SortOrder; readonly filter: string; readonly coins: readonly string[] } | undefined;

  /** The coins that match, in order. Held, those that were there keep their places and new ones follow. */
  look(
    rows: readonly MarketRow[],
    columns: readonly Column[],
    { order, filter }: { readonly order: SortOrder; readonly filter: string },
    isHeld: boolean,
  ): readonly string[] {
    const found = filterCoins(rows, filter);
    const last = this.#last;
    const isSame = last?.order === order && last.filter === filter;
    if (isHeld && isSame) return keepPlaces(found, last.coins);
    const coins = sortCoins(found, order, columns).map(({ coin }) => coin);
    this.#last = { order, filter, coins };
    return coins;
  }
}

function keepPlaces(rows: readonly MarketRow[], places: readonly string[]): readonly string[] {
  const found = new Set(rows.map(({ coin }) => coin));
  const kept = places.filter((coin) => found.delete(coin));
  return [...kept, ...found];
}
