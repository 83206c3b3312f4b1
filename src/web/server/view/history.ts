import { HOUR_MS } from '../../../streams/time.ts';
import { type Closes, type Column, type History, type HistoryRow, MAX_HISTORY_HOURS } from '../../contract.ts';
import { endOfReach } from '../../market-hour.ts';
import type { BoardTables } from './market-board.ts';
import type { FeatureHour, PriceRow } from './rows.ts';

export interface HistoryTables extends Pick<BoardTables, 'prices' | 'features'> {
  /** Undefined without coins. */
  readonly marketHour: () => number | undefined;
}

/** One coin's hours from the view's tables, Silver and features side by side. */
export class HistoryReader {
  readonly #tables: HistoryTables;
  readonly #columns: readonly Column[];

  constructor(tables: HistoryTables, columns: readonly Column[]) {
    this.#tables = tables;
    this.#columns = columns;
  }

  /** The coin's newest hours that the market may have reached; undefined where it has none. */
  newest(coin: string): History | undefined {
    const range = this.#newestHours(coin);
    if (range === undefined) return undefined;
    const { from, to } = range;
    const prices = new Map<number, PriceRow>();
    for (const { key, value } of this.#tables.prices.entries({ from: [coin, from], to: [coin, to] }))
      prices.set(Number(key[1]), value);
    const rows: HistoryRow[] = [];
    for (const { key, value } of this.#tables.features.entries({ from: [coin, from], to: [coin, to] }))
      rows.push(this.#row(Number(key[1]), value, prices.get(Number(key[1]))));
    const [older] = this.#tables.features.entries({ from: [coin], to: [coin, from], limit: 1 });
    return { coin, rows, truncated: older !== undefined };
  }

  /** The closes of the same hours. */
  closes(coin: string): Closes {
    const range = this.#newestHours(coin);
    if (range === undefined) return { coin, hours: [], reset: true };
    const rows = this.#tables.features.entries({ from: [coin, range.from], to: [coin, range.to] });
    return { coin, hours: Array.from(rows, ({ key, value }) => [Number(key[1]), value.price] as const), reset: true };
  }

  /** One hour; undefined where the coin has no features of it. */
  hour(coin: string, ts: number): HistoryRow | undefined {
    const feature = this.#tables.features.get([coin, ts]);
    return feature && this.#row(ts, feature, this.#tables.prices.get([coin, ts]));
  }

  /** `[from, to)`, up to the newest that the market may have reached: one date from the future would leave nothing else. */
  #newestHours(coin: string): { readonly from: number; readonly to: number } | undefined {
    const last = this.#lastBefore(coin, endOfReach(this.#tables.marketHour())) ?? this.#lastBefore(coin, Infinity);
    if (last === undefined) return undefined;
    const to = last + HOUR_MS;
    return { from: to - MAX_HISTORY_HOURS * HOUR_MS, to };
  }

  #lastBefore(coin: string, end: number): number | undefined {
    // Numbers sort before text: that is behind every hour of the coin.
    const to = Number.isFinite(end) ? [coin, end] : [coin, ''];
    const [last] = this.#tables.features.entries({ from: [coin], to, reverse: true, limit: 1 });
    return last && Number(last.key[1]);
  }

  #row(ts: number, feature: FeatureHour, price: PriceRow | undefined): HistoryRow {
    return {
      ts,
      price: feature.price,
      open: price?.open ?? null,
      high: price?.high ?? null,
      low: price?.low ?? null,
      volume: feature.volume,
      observations: price?.observations ?? 0,
      final: feature.final,
      values: this.#columns.map(({ name, table }) => (table === 'features' ? (feature.figures[name] ?? null) : null)),
    };
  }
}
