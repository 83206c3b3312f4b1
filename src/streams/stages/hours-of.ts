import type { TableReader } from '../../state/table.ts';
import type { StoredHour } from '../3-silver/stored-hour.ts';

const EVER = 8.64e15;

/** All hours of a coin, ascending. */
export function hoursOf(
  table: TableReader<StoredHour>,
  partition: number,
  coinId: string,
): ReadonlyMap<number, StoredHour> {
  const hours = new Map<number, StoredHour>();
  table.visit(partition, coinId, -EVER, EVER, (row, ts) => hours.set(ts, row));
  return hours;
}
