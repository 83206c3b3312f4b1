import type { StateEnvironment } from '../../state/environment.ts';
import type { Table } from '../../state/table.ts';
import { parseHourKey } from '../3-silver/hour-json.ts';
import { type StoredHour, storedHourCodec } from '../3-silver/stored-hour.ts';
import type { Log, RecordBatch } from '../log/log.ts';
import type { RowReader } from '../rows/row-format.ts';
import type { TopicNames } from '../topics.ts';
import { hoursOf } from './hours-of.ts';

/** Rebuilt tables that are to take the place of the live ones. */
export interface Promotion {
  /** No two promotions have the same. */
  readonly id: string;
  /** Where they lie. */
  readonly log: Log;
  readonly names: TopicNames;
  readonly rows: RowReader;
  /** By partition: up to where stage 2's input is in the rebuilt tables, and all that is in them. */
  readonly positions: readonly number[];
}

/** The latest rebuilt Silver rows of one partition, on disk for as long as they are compared. */
export class RebuiltHours {
  readonly #state: StateEnvironment;
  readonly #table: Table<StoredHour>;
  readonly #partition: number;

  private constructor(state: StateEnvironment, partition: number) {
    this.#state = state;
    this.#table = state.table('rebuilt hours', storedHourCodec);
    this.#partition = partition;
  }

  /** Reads the rebuilt topic up to its end. */
  static async load(promotion: Promotion, state: StateEnvironment, partition: number): Promise<RebuiltHours> {
    const hours = new RebuiltHours(state, partition);
    // Whoever was at this before may have died of it.
    await hours.forget();
    const at = { topic: promotion.names.prices, partition };
    const { start, end } = await promotion.log.bounds(at);
    for await (const batch of promotion.log.read(at, start, end)) await hours.#add(batch, promotion.rows);
    return hours;
  }

  coins(): Iterable<string> {
    return this.#table.keys(this.#partition);
  }

  hours(coinId: string): ReadonlyMap<number, StoredHour> {
    return hoursOf(this.#table, this.#partition, coinId);
  }

  /** Removes them from disk. */
  async forget(): Promise<void> {
    for (const coinId of [...this.coins()]) {
      const times = [...this.hours(coinId).keys()];
      await this.#state.transaction(() => {
        for (const ts of times) this.#table.remove(this.#partition, coinId, ts);
      });
    }
  }

  async #add(batch: RecordBatch, rows: RowReader): Promise<void> {
    await rows.prepare(batch);
    await this.#state.transaction(() => {
      for (const { key, value } of batch.records) {
        const { coinId, ts } = parseHourKey(key);
        if (value === null) this.#table.remove(this.#partition, coinId, ts);
        else this.#table.put(this.#partition, coinId, ts, rows.silver(value));
      }
    });
  }
}
