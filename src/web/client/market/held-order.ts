import type { Column, MarketRow } from '../../contract.ts';
import { filterCoins, type Naming, sortCoins, type SortOrder } from './order.ts';

/** What of the table somebody wants to see; `watched` undefined: whether they are watched or not. */
export interface Look {
  readonly order: SortOrder;
  readonly filter: string;
  readonly watched: ReadonlySet<string> | undefined;
}

/** The table's order from look to look: as sorted, or as it was while somebody points into the table. */
export class HeldOrder {
  readonly #naming: Naming;
  #last: { readonly look: Look; readonly coins: readonly string[] } | undefined;

  constructor(naming: Naming) {
    this.#naming = naming;
  }

  /** The coins that match, in order. Held, those that were there keep their places and new ones follow. */
  look(rows: readonly MarketRow[], columns: readonly Column[], look: Look, isHeld: boolean): readonly string[] {
    const { order, filter, watched } = look;
    const wanted = watched === undefined ? rows : rows.filter(({ coin }) => watched.has(coin));
    const found = filterCoins(wanted, filter, this.#naming);
    const last = this.#last;
    if (isHeld && last !== undefined && last.coins.length > 0 && isSame(look, last.look))
      return keepPlaces(found, last.coins);
    const coins = sortCoins(found, order, columns, this.#naming).map(({ coin }) => coin);
    this.#last = { look, coins };
    return coins;
  }
}

const isSame = (a: Look, b: Look): boolean =>
  a.order === b.order && a.filter === b.filter && (a.watched === undefined) === (b.watched === undefined);

function keepPlaces(rows: readonly MarketRow[], places: readonly string[]): readonly string[] {
  const found = new Set(rows.map(({ coin }) => coin));
  const kept = places.filter((coin) => found.delete(coin));
  return [...kept, ...found];
}
