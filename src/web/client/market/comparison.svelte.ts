import type { Closes } from '../../contract.ts';

/** The closes of the coins that a chart is compared with, by coin and hour. */
export class Comparison {
  /** Counts the changes. */
  version = $state(0);
  readonly #closes = new Map<string, Map<number, number>>();
  readonly #listeners = new Set<(changes: readonly Closes[]) => void>();

  /** Undefined until they have come. */
  of(coin: string): ReadonlyMap<number, number> | undefined {
    void this.version;
    return this.#closes.get(coin);
  }

  /** Charts listen; everything else reads `version` and looks again. */
  listen(listener: (changes: readonly Closes[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets every coin but these. */
  keep(coins: readonly string[]): void {
    for (const coin of this.#closes.keys()) if (!coins.includes(coin)) this.#closes.delete(coin);
    this.version += 1;
  }

  apply(changes: readonly Closes[]): void {
    if (changes.length === 0) return;
    for (const { coin, hours, reset } of changes) {
      const closes = reset === true ? new Map<number, number>() : (this.#closes.get(coin) ?? new Map<number, number>());
      for (const [ts, price] of hours)
        if (price === null) closes.delete(ts);
        else closes.set(ts, price);
      this.#closes.set(coin, closes);
    }
    this.version += 1;
    for (const listener of this.#listeners) listener(changes);
  }
}
