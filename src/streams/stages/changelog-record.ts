import { PulseError } from '../../errors.ts';
import { hourKey, parseHourKey } from '../3-silver/hour-json.ts';
import type { SilverRow } from '../3-silver/hour-row.ts';
import type { LogRecord } from '../log/record.ts';
import type { RowReader } from '../rows/row-format.ts';
import type { HourMs } from '../time.ts';

/** Whose a row is, as its key says it. */
export interface RowAddress {
  readonly coinId: string;
  readonly ts: HourMs;
}

/** What a record of the changelog stands for. */
export type ChangelogRecord =
  | { readonly kind: 'hour'; readonly row: SilverRow }
  | { readonly kind: 'removed'; readonly address: RowAddress }
  /** A tombstone of a key that no row has, or a record without a key, which nothing could ever take the place of. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unreadable'; readonly why: string };

/** Reads a record of `pulse.prices_hourly`, whose batch has been prepared. */
export function readChangelogRecord(rows: RowReader, { key, value }: LogRecord): ChangelogRecord {
  if (key === null) return { kind: 'nothing' };
  if (value === null) {
    const address = addressOf(key);
    return address === undefined ? { kind: 'nothing' } : { kind: 'removed', address };
  }
  try {
    const row = rows.silver(value);
    const own = hourKey(row.coinId, row.ts);
    return own === key.toString('utf8') ? { kind: 'hour', row } : { kind: 'unreadable', why: `the row is ${own}’s` };
  } catch (error) {
    if (!(error instanceof PulseError && error.code === 'bad-record')) throw error;
    return { kind: 'unreadable', why: error.message };
  }
}

/** Whose row lies under that key; undefined where it is no row's, or not written as ours are. */
export function addressOf(key: Buffer): RowAddress | undefined {
  try {
    const { coinId, ts } = parseHourKey(key);
    return hourKey(coinId, ts) === key.toString('utf8') ? { coinId, ts } : undefined;
  } catch (error) {
    if (error instanceof PulseError && error.code === 'bad-record') return undefined;
    throw error;
  }
}
