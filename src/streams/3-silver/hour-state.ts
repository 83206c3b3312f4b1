import type { StateEnvironment } from '../../state/environment.ts';
import { RecentRows } from '../../state/recent-rows.ts';
import type { Table } from '../../state/table.ts';
import { UnitOfWork } from '../../state/unit-of-work.ts';
import { type CoinSummary, coinSummaryCodec } from './coin-summary.ts';
import { type StoredHour, storedHourCodec } from './stored-hour.ts';

/** The version of the packed values, of their keys and of what says of what they are: state of another is rebuilt. */
export const HOUR_STATE_VERSION = 4;

/** Stage 2's tables. */
export interface HourTables {
  readonly hours: Table<StoredHour>;
  /** One row a coin, at time 0. */
  readonly coins: Table<CoinSummary>;
}

export const hourTables = (state: StateEnvironment): HourTables => ({
  hours: state.table('hours', storedHourCodec),
  coins: state.table('coins', coinSummaryCodec),
});

/** One partition of stage 2's tables, with the rows that the commit under way will write. */
export class HourState {
  readonly hours: UnitOfWork<StoredHour>;
  readonly #coins: UnitOfWork<CoinSummary>;

  constructor(tables: HourTables, partition: number) {
    this.hours = new UnitOfWork(new RecentRows(tables.hours, partition), partition);
    this.#coins = new UnitOfWork(tables.coins, partition);
  }

  coin(coinId: string): CoinSummary | undefined {
    return this.#coins.get(coinId, 0);
  }

  putCoin(coinId: string, summary: CoinSummary): void {
    this.#coins.put(coinId, 0, summary);
  }

  /** Writes what is staged; inside a state transaction. */
  flush(): void {
    this.hours.flush();
    this.#coins.flush();
  }

  /** Forgets what is staged. */
  clear(): void {
    this.hours.clear();
    this.#coins.clear();
  }
}
