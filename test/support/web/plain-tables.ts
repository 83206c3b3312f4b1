import { featureRow } from '../oracle/feature-rows.ts';
import type { OracleSilverRow } from '../oracle/silver-rows.ts';
import type { Tick } from './sample-ticks.ts';

const HOUR_MS = 3_600_000;
const iso = (ms: number): string => new Date(ms).toISOString();

interface Hour {
  readonly ticks: Tick[];
  row?: OracleSilverRow | undefined;
}

/** The tables as a plain batch computation has them; for feeding a page, with nothing of the pipeline in it. */
export class PlainTables {
  readonly #coins = new Map<string, Map<number, Hour>>();

  /** Takes a tick in; the hour that it belongs to. */
  add(tick: Tick): number {
    const ts = Math.floor(tick.at / HOUR_MS) * HOUR_MS;
    let hours = this.#coins.get(tick.coin);
    if (hours === undefined) this.#coins.set(tick.coin, (hours = new Map<number, Hour>()));
    const hour = hours.get(ts);
    if (hour === undefined) hours.set(ts, { ticks: [tick] });
    else hour.ticks.push(tick);
    if (hour !== undefined) hour.row = undefined;
    hour?.ticks.sort((a, b) => a.at - b.at || a.price - b.price);
    return ts;
  }

  /** The hours from `ts` to `ts + 71h` that there are. */
  reached(coin: string, ts: number): readonly number[] {
    const hours = this.#coins.get(coin) ?? new Map<number, Hour>();
    return [...hours.keys()].filter((hour) => hour >= ts && hour < ts + 72 * HOUR_MS).sort((a, b) => a - b);
  }

  newest(coin: string): number {
    return Math.max(...(this.#coins.get(coin)?.keys() ?? []));
  }

  silver(coin: string, ts: number): OracleSilverRow {
    return { ...this.#row(coin, ts), final: this.newest(coin) > ts };
  }

  /** The hour's row, made once for as long as no tick comes; whether it is final follows from others. */
  #row(coin: string, ts: number): OracleSilverRow {
    const hour = this.#coins.get(coin)?.get(ts);
    if (hour === undefined) throw new Error(`there is no hour ${iso(ts)} of ${coin}`);
    return (hour.row ??= this.#rowOf(coin, ts));
  }

  #rowOf(coin: string, ts: number): OracleSilverRow {
    const ticks = this.#ticks(coin, ts);
    const [first, last] = [ticks[0]!, ticks.at(-1)!];
    const prices = ticks.map(({ price }) => price);
    return {
      coin_id: coin,
      ts: iso(ts),
      price: last.price,
      open: first.price,
      high: Math.max(...prices),
      low: Math.min(...prices),
      market_cap: null,
      volume: last.volume,
      observations: ticks.length,
      open_event_ts: iso(first.at),
      open_observed_at: iso(first.at),
      close_event_ts: iso(last.at),
      close_observed_at: iso(last.at),
      observed_at: iso(last.at),
      final: false,
    };
  }

  features(coin: string, ts: number): Record<string, unknown> {
    const hours = { get: (at: number) => (this.#ticks(coin, at).length > 0 ? this.#row(coin, at) : undefined) };
    return { ...featureRow(this.silver(coin, ts), hours) };
  }

  mover(coin: string): Record<string, unknown> {
    const ts = this.newest(coin);
    const rows = this.#window(ts, 24).filter((at) => this.#price(coin, at) !== undefined);
    const before = this.#price(coin, ts - 24 * HOUR_MS);
    const feature = this.features(coin, ts);
    return {
      coin_id: coin,
      as_of: iso(ts),
      price: feature['price'],
      ret_24h: before === undefined ? null : this.#price(coin, ts)! / before - 1,
      vol_24h: feature['vol_24h'],
      high_24h: Math.max(...rows.map((at) => this.silver(coin, at).high)),
      low_24h: Math.min(...rows.map((at) => this.silver(coin, at).low)),
      volume: feature['volume'],
      market_cap: null,
    };
  }

  #ticks(coin: string, ts: number): readonly Tick[] {
    return this.#coins.get(coin)?.get(ts)?.ticks ?? [];
  }

  #price(coin: string, ts: number): number | undefined {
    return this.#ticks(coin, ts).at(-1)?.price;
  }

  #window(ts: number, hours: number): readonly number[] {
    return Array.from({ length: hours }, (_, i) => ts - (hours - 1 - i) * HOUR_MS);
  }
}
