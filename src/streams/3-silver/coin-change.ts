import type { HourMs } from '../time.ts';
import type { StoredHour } from './stored-hour.ts';

/** An hour as a commit leaves it. */
export interface HourChange {
  readonly row: StoredHour;
  /** Its price, high or low are new, so that the windows of later hours see a change too. */
  readonly reaches: boolean;
}

/** Everything that one commit changes in a coin's hours. */
export interface CoinChange {
  readonly coinId: string;
  /** Ascending by hour, each hour once. */
  readonly hours: readonly HourChange[];
  /** The coin's newest hour, changed or not. */
  readonly newest: HourMs;
}
