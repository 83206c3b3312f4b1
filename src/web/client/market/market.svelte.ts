import type { CoinName, MarketRow } from '../../contract.ts';

/**
 * Every coin at its newest hour, and what it is called. It is read as a whole, or by the few rows in sight: one version
 * tells all readers that something changed, since a signal for each of thousands of coins costs more than it saves.
 */
export class Market {
  #version = $state(0);
  readonly #rows = new Map<string, MarketRow>();
  readonly #names = new Map<string, CoinName>();

  get size(): number {
    void this.#version;
    return this.#rows.size;
  }

  get(coin: string): MarketRow | undefined {
    void this.#version;
    return this.#rows.get(coin);
  }

  rows(): readonly MarketRow[] {
    void this.#version;
    return [...this.#rows.values()];
  }

  /** What people call the coin: its id where no name is known. */
  nameOf(coin: string): string {
    void this.#version;
    return this.#names.get(coin)?.name ?? coin;
  }

  symbolOf(coin: string): string | null {
    void this.#version;
    return this.#names.get(coin)?.symbol ?? null;
  }

  /** Takes all changes in at once; `isWhole`: the rows replace all that were there. */
  apply(change: MarketChange, isWhole: boolean): void {
    if (isWhole) this.#rows.clear();
    for (const [coin, row] of change.rows) this.#rows.set(coin, row);
    for (const coin of change.removed) this.#rows.delete(coin);
    for (const [coin, name] of change.names) this.#names.set(coin, name);
    this.#version += 1;
  }
}

export interface MarketChange {
  readonly rows: ReadonlyMap<string, MarketRow>;
  readonly removed: ReadonlySet<string>;
  readonly names: ReadonlyMap<string, CoinName>;
}
