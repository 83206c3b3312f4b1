import type { ViewTable } from '../../../state/view-store.ts';
import { HOUR_MS } from '../../../streams/time.ts';
import type { Column, MarketRow } from '../../contract.ts';
import { marketHour } from '../../market-hour.ts';
import type { ChangeSet } from './change-set.ts';
import { parseTime } from './fields.ts';
import type { FeatureHour, Mover, PriceRow } from './rows.ts';

const SPARK_HOURS = 24;

/** A coin as the market table needs it: bounded, whatever its history. */
interface Entry {
  newest: { readonly ts: number; readonly row: FeatureHour } | undefined;
  mover: Mover | undefined;
  quoted: { readonly ts: number; readonly at: number } | undefined;
  /** The prices of the hours in (newest - 24h, newest]. */
  readonly closes: Map<number, number>;
}

export interface BoardTables {
  readonly prices: ViewTable<PriceRow>;
  readonly features: ViewTable<FeatureHour>;
  readonly movers: ViewTable<Mover>;
}

/** Every coin at its newest hour, in memory, kept in step with the view's tables and loaded from them. */
export class MarketBoard {
  readonly #tables: BoardTables;
  readonly #columns: readonly Column[];
  readonly #entries = new Map<string, Entry>();

  constructor(tables: BoardTables, columns: readonly Column[]) {
    this.#tables = tables;
    this.#columns = columns;
  }

  /** Forgets everything and reads it from the tables: one skip through the coins, 24 hours of each. */
  load(): void {
    this.#entries.clear();
    for (let from: readonly string[] = []; ;) {
      const [next] = this.#tables.features.entries({ from, limit: 1 });
      if (next === undefined) return;
      const coin = String(next.key[0]);
      this.#loadCoin(coin);
      // Numbers sort before text: this is behind every hour of the coin.
      from = [coin, ''];
    }
  }

  coins(): Iterable<string> {
    return this.#entries.keys();
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The hour that the market is at; undefined without coins. */
  hour(): number | undefined {
    return marketHour([...this.#entries.values()].flatMap(({ newest }) => newest?.ts ?? []));
  }

  /** The coin's row, with its 24 hours where asked for; undefined where there is no such coin. */
  row(coin: string, spark: boolean): MarketRow | undefined {
    const entry = this.#entries.get(coin);
    if (entry?.newest === undefined) return undefined;
    const { ts, row } = entry.newest;
    return {
      coin,
      ts,
      price: row.price,
      marketCap: row.market_cap,
      volume: row.volume,
      final: row.final,
      quotedAt: entry.quoted?.at ?? null,
      values: this.#columns.map(({ name, table }) =>
        table === 'features' ? (row.figures[name] ?? null) : (entry.mover?.figures[name] ?? null),
      ),
      ...(spark && { spark: sparkOf(entry, ts) }),
    };
  }

  /** A row of the hourly features is there or, undefined, gone. */
  feature(coin: string, ts: number, row: FeatureHour | undefined, changes: ChangeSet): void {
    const entry = this.#entry(coin);
    const newest = entry.newest?.ts ?? -Infinity;
    if (row === undefined) {
      if (ts > newest - SPARK_HOURS * HOUR_MS) this.#reload(coin, changes);
      return;
    }
    if (ts <= newest - SPARK_HOURS * HOUR_MS) return;
    const known = entry.closes.get(ts);
    entry.closes.set(ts, row.price);
    if (ts >= newest) entry.newest = { ts, row };
    if (ts > newest)
      for (const hour of entry.closes.keys()) if (hour <= ts - SPARK_HOURS * HOUR_MS) entry.closes.delete(hour);
    if (ts >= newest) changes.coin(coin, ts > newest);
    else if (known !== row.price) changes.coin(coin, true);
  }

  mover(coin: string, mover: Mover | undefined, changes: ChangeSet): void {
    this.#entry(coin).mover = mover;
    changes.coin(coin, false);
  }

  price(coin: string, ts: number, row: PriceRow | undefined, changes: ChangeSet): void {
    const entry = this.#entry(coin);
    if (row === undefined || ts < (entry.quoted?.ts ?? -Infinity)) return;
    entry.quoted = { ts, at: parseTime(row.close_event_ts) };
    changes.coin(coin, false);
  }

  #entry(coin: string): Entry {
    let entry = this.#entries.get(coin);
    if (entry === undefined) {
      entry = { newest: undefined, mover: undefined, quoted: undefined, closes: new Map() };
      this.#entries.set(coin, entry);
    }
    return entry;
  }

  #reload(coin: string, changes: ChangeSet): void {
    this.#entries.delete(coin);
    this.#loadCoin(coin);
    changes.coin(coin, true);
  }

  #loadCoin(coin: string): void {
    const { features, movers, prices } = this.#tables;
    const newestFirst = { from: [coin], to: [coin, ''], reverse: true };
    const rows = [...features.entries({ ...newestFirst, limit: SPARK_HOURS })];
    const newest = rows[0];
    if (newest === undefined) return;
    const entry = this.#entry(coin);
    const ts = Number(newest.key[1]);
    entry.newest = { ts, row: newest.value };
    for (const { key, value } of rows)
      if (Number(key[1]) > ts - SPARK_HOURS * HOUR_MS) entry.closes.set(Number(key[1]), value.price);
    entry.mover = movers.get([coin]);
    const [price] = prices.entries({ ...newestFirst, limit: 1 });
    if (price !== undefined) entry.quoted = { ts: Number(price.key[1]), at: parseTime(price.value.close_event_ts) };
  }
}

const sparkOf = (entry: Entry, ts: number): readonly (number | null)[] =>
  Array.from({ length: SPARK_HOURS }, (_, i) => entry.closes.get(ts - (SPARK_HOURS - 1 - i) * HOUR_MS) ?? null);
