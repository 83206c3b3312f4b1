import type { FeatureDeclaration } from '../../../src/streams/4-gold/feature.ts';
import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import type { OutputRecord } from '../../../src/streams/log/log.ts';
import { topics } from '../../../src/streams/topics.ts';
import type { MarketFeeder } from './market-feeder.ts';
import { type RowFigures, rowText } from './row-text.ts';

const HOUR_MS = 3_600_000;
const LARGEST_STEP = 0.002;

/** A table's topic, the key of a row in it, and the row. */
interface HeldRow {
  readonly topic: string;
  readonly key: string;
  readonly text: (figures: RowFigures) => string;
}

/**
 * A coin of the load: its rows have every field that the stages give them; the figures follow the price, and are not what
 * the features would be.
 */
export class LoadedCoin {
  readonly #feeder: MarketFeeder;
  readonly #id: string;
  readonly #rank: number;
  readonly #hour: number;
  readonly #base: number;
  readonly #rows: readonly HeldRow[];
  #price: number;

  constructor(feeder: MarketFeeder, rank: number, hour: number, idLength = 0) {
    this.#feeder = feeder;
    this.#id = `coin-${String(rank).padStart(Math.max(4, idLength - 5), '0')}`;
    this.#rank = rank;
    this.#hour = hour;
    this.#base = this.#price = 10 ** (4 - (rank % 700) / 100);
    const mover = { as_of: '§now', ...this.#common, ...figures(moverFeatures) };
    this.#rows = [...this.#hourly(hour, false), { topic: topics.movers.name, key: this.#id, text: rowText(mover) }];
  }

  /** The rows of so many hours before the load's own. */
  history(hours: number): readonly OutputRecord[] {
    return Array.from({ length: hours }, (_, i) => this.#hour - (hours - i) * HOUR_MS).flatMap((ts) =>
      this.#records(this.#hourly(ts, true), new Date(ts).toISOString()),
    );
  }

  /** The rows of another price in the load's hour. */
  update(now: string): readonly OutputRecord[] {
    return this.#records(this.#rows, now);
  }

  #records(rows: readonly HeldRow[], now: string): readonly OutputRecord[] {
    // No more digits than prices have.
    this.#price = Number((this.#price * (1 + (Math.random() - 0.5) * LARGEST_STEP)).toPrecision(8));
    const moved = Number((this.#price / this.#base - 1).toFixed(6));
    return rows.map(({ topic, key, text }) =>
      this.#feeder.record(topic, this.#id, key, text({ price: this.#price, moved, now })),
    );
  }

  #hourly(ts: number, final: boolean): readonly HeldRow[] {
    const start = new Date(ts).toISOString();
    const key = `${this.#id}|${start}`;
    const prices = { open: this.#base, high: this.#base * 1.01, low: this.#base * 0.99, observations: 10 };
    const times = { open_event_ts: start, open_observed_at: start, close_event_ts: '§now', close_observed_at: '§now' };
    const price = { ts: start, ...this.#common, ...prices, ...times, observed_at: '§now', final };
    const feature = { ts: start, ...this.#common, ...figures(features), final };
    return [
      { topic: topics.prices.name, key, text: rowText(price) },
      { topic: topics.features.name, key, text: rowText(feature) },
    ];
  }

  get #common(): Readonly<Record<string, unknown>> {
    return { coin_id: this.#id, price: '§price', market_cap: this.#base * 1e7, volume: 1e9 / (1 + this.#rank) };
  }
}

const figures = (declared: readonly FeatureDeclaration[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(declared.map(({ name, unit }) => [name, unit === 'price' ? '§price' : '§moved']));
