import { PulseError } from '../../errors.ts';
import { HOUR_MS, hourOf } from '../time.ts';
import type { HourRow, Partial, SilverRow } from './hour-row.ts';

/** The columns of a row by name, whatever they were read from. */
export type Fields = Readonly<Record<string, unknown>>;

/** The milliseconds since the epoch that a column of a time says; undefined where it says none. */
export type TimeOf = (value: unknown) => number | undefined;

/** Throws `bad-record`, naming what is wrong, for columns that no merge of ticks comes to. */
export const partialOfFields = (fields: Fields, time: TimeOf): Partial => ({
  coinId: text(fields, 'coin_id'),
  ...hourOfFields(fields, time),
});

/** As {@link partialOfFields}, with the flag that Silver adds. */
export function silverOfFields(fields: Fields, time: TimeOf): SilverRow {
  const { final } = fields;
  if (typeof final !== 'boolean') throw wrong('final', final);
  return { ...partialOfFields(fields, time), final };
}

/** With the flag u it matches only a surrogate that is not half of a pair: UTF-8 has no bytes for it. */
const LONE_SURROGATE = /\p{Surrogate}/u;

function hourOfFields(fields: Fields, time: TimeOf): HourRow {
  const timeAt = (name: string): number => {
    const ms = time(fields[name]);
    if (ms === undefined) throw wrong(name, fields[name]);
    return ms;
  };
  const row: HourRow = {
    ts: timeAt('ts'),
    price: positive(fields, 'price'),
    open: positive(fields, 'open'),
    high: positive(fields, 'high'),
    low: positive(fields, 'low'),
    marketCap: nullable(fields, 'market_cap'),
    volume: nullable(fields, 'volume'),
    observations: positive(fields, 'observations'),
    openEventTs: timeAt('open_event_ts'),
    openObservedAt: timeAt('open_observed_at'),
    closeEventTs: timeAt('close_event_ts'),
    closeObservedAt: timeAt('close_observed_at'),
    observedAt: timeAt('observed_at'),
  };
  if (row.ts % HOUR_MS !== 0) throw wrong('ts', fields.ts);
  if (hourOf(row.openEventTs) !== row.ts) throw wrong('open_event_ts', fields.open_event_ts);
  if (hourOf(row.closeEventTs) !== row.ts) throw wrong('close_event_ts', fields.close_event_ts);
  if (!Number.isSafeInteger(row.observations)) throw wrong('observations', fields.observations);
  refuseContradictions(row, fields);
  return row;
}

/** What no merge of ticks comes to. */
function refuseContradictions(row: HourRow, fields: Fields): void {
  if (row.high < row.open || row.high < row.price) throw wrong('high', fields.high);
  if (row.low > row.open || row.low > row.price) throw wrong('low', fields.low);
  if (row.closeEventTs < row.openEventTs) throw wrong('close_event_ts', fields.close_event_ts);
  if (row.observedAt < row.openObservedAt || row.observedAt < row.closeObservedAt)
    throw wrong('observed_at', fields.observed_at);
}

function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '' || Buffer.byteLength(value) > 256 || LONE_SURROGATE.test(value))
    throw wrong(name, value);
  return value;
}

function positive(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) throw wrong(name, value);
  return value;
}

function nullable(fields: Fields, name: string): number | null {
  const value = fields[name];
  if (value === null) return null;
  if (typeof value !== 'number' || !Number.isFinite(value) || value === 0) throw wrong(name, value);
  return value;
}

const wrong = (name: string, value: unknown): PulseError =>
  new PulseError('bad-record', `the field ${name} is ${JSON.stringify(value)?.slice(0, 80) ?? 'absent'}`);
