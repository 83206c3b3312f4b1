import type { HourTables } from '../3-silver/hour-state.ts';
import type { RowAddress } from './changelog-record.ts';
import { summarizeCoin } from './summarize-coin.ts';

/** Removes an hour from the tables; of its coin they know what its other hours say. Inside a state transaction. */
export function removeHour(tables: HourTables, partition: number, { coinId, ts }: RowAddress): void {
  tables.hours.remove(partition, coinId, ts);
  summarizeCoin(tables, partition, coinId);
}
