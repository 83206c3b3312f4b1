import type { History, HistoryChange, HistoryRow } from '../../contract.ts';

/** What a chart has to draw anew, or to add. */
export type HistoryEvent =
  | { readonly kind: 'reset' }
  | { readonly kind: 'rows'; readonly rows: readonly HistoryRow[]; readonly corrected: readonly number[] };

/** The chosen coin's hours. Charts listen to its events; everything else reads `version` and looks again. */
export class CoinHistory {
  coin: string | null = $state(null);
  state: 'none' | 'loading' | 'ready' | 'unknown' = $state('none');
  truncated = $state(false);
  /** Counts the changes, for who derives something from the rows. */
  version = $state(0);
  readonly #rows = new Map<number, HistoryRow>();
  #sorted: readonly HistoryRow[] | undefined;
  readonly #corrected = new Map<number, number>();
  readonly #listeners = new Set<(event: HistoryEvent) => void>();

  /** Ascending. */
  get rows(): readonly HistoryRow[] {
    void this.version;
    this.#sorted ??= [...this.#rows.values()].sort((a, b) => a.ts - b.ts);
    return this.#sorted;
  }

  /** The newest hour. */
  get last(): HistoryRow | undefined {
    return this.rows.at(-1);
  }

  at(ts: number): HistoryRow | undefined {
    return this.#rows.get(ts);
  }

  /** When the page saw the hour corrected, by the browser's clock. */
  correctedAt(ts: number): number | undefined {
    return this.#corrected.get(ts);
  }

  get corrections(): readonly number[] {
    return [...this.#corrected.keys()].sort((a, b) => a - b);
  }

  listen(listener: (event: HistoryEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  expect(coin: string): void {
    this.coin = coin;
    this.state = 'loading';
    this.#clear();
    this.#changed({ kind: 'reset' });
  }

  missing(coin: string): void {
    if (coin === this.coin) this.state = 'unknown';
  }

  set(history: History): void {
    if (history.coin !== this.coin) return;
    // A coin that is loaded again is the same coin: what was corrected stays marked.
    this.#rows.clear();
    for (const row of history.rows) this.#rows.set(row.ts, row);
    this.truncated = history.truncated;
    this.state = 'ready';
    this.#changed({ kind: 'reset' });
  }

  apply(change: HistoryChange, now: number): void {
    if (change.coin !== this.coin || this.state === 'loading') return;
    const { coin, rows, truncated = this.truncated } = change;
    if (change.reset) return this.set({ coin, rows, truncated });
    const newest = this.last?.ts ?? -Infinity;
    const corrected = rows.filter((row) => row.ts < newest && isCorrection(this.#rows.get(row.ts), row));
    for (const { ts } of corrected) this.#corrected.set(ts, now);
    for (const row of rows) this.#rows.set(row.ts, row);
    for (const ts of change.removed ?? []) this.#rows.delete(ts);
    this.state = 'ready';
    if (change.removed?.length) this.#changed({ kind: 'reset' });
    else this.#changed({ kind: 'rows', rows, corrected: corrected.map(({ ts }) => ts) });
  }

  #clear(): void {
    this.#rows.clear();
    this.#corrected.clear();
    this.truncated = false;
  }

  #changed(event: HistoryEvent): void {
    this.#sorted = undefined;
    this.version += 1;
    for (const listener of this.#listeners) listener(event);
  }
}

/** A past hour whose candle was complete and is another one now. */
const isCorrection = (before: HistoryRow | undefined, row: HistoryRow): boolean =>
  before?.final === true &&
  before.observations > 0 &&
  (before.price !== row.price || before.high !== row.high || before.low !== row.low || before.open !== row.open);
