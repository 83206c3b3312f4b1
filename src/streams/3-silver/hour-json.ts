import { PulseError } from '../../errors.ts';
import { formatRfc3339, parseRfc3339Text } from '../rfc3339.ts';
import { HOUR_MS, type HourMs, hourOf } from '../time.ts';
import type { HourRow, Partial, SilverRow } from './hour-row.ts';

/*
 * The JSON of partials and Silver rows. Written by hand since the shape is fixed and a stage writes it for every row;
 * a number's shortest text reads back to the same bits. Times are RFC 3339 UTC.
 */

/** The value of a `pulse.partials` record. */
export const encodePartial = (partial: Partial): string => `{${columns(partial.coinId, partial)}}`;

/** The value of a `pulse.prices_hourly` record. */
export const encodeSilver = (coinId: string, row: HourRow, final: boolean): string =>
  `{${columns(coinId, row)},"final":${final}}`;

/** The key of a row of the hourly topics. */
export const hourKey = (coinId: string, ts: number): string => `${coinId}|${formatRfc3339(ts)}`;

/** The coin and the hour of a row's key; throws `bad-record` for anything that {@link hourKey} can't have written. */
export function parseHourKey(key: Buffer | null): { readonly coinId: string; readonly ts: HourMs } {
  const text = key?.toString('utf8') ?? '';
  const bar = text.lastIndexOf('|');
  const ts = parseRfc3339Text(text.slice(bar + 1));
  if (bar < 1 || ts === undefined) throw new PulseError('bad-record', `the key ${JSON.stringify(text)} is no row's`);
  return { coinId: text.slice(0, bar), ts };
}

/** Throws `bad-record`, naming what is wrong, for anything that {@link encodePartial} could not have written. */
export function decodePartial(value: Buffer | null): Partial {
  const fields = fieldsOf(value);
  return { coinId: text(fields, 'coin_id'), ...hourRow(fields) };
}

/** Throws `bad-record` for anything that {@link encodeSilver} could not have written. */
export function decodeSilver(value: Buffer): SilverRow {
  const fields = fieldsOf(value);
  const { final } = fields;
  if (typeof final !== 'boolean') throw wrong('final', final);
  return { coinId: text(fields, 'coin_id'), ...hourRow(fields), final };
}

const columns = (coinId: string, row: HourRow): string =>
  `"coin_id":${JSON.stringify(coinId)},"ts":"${formatRfc3339(row.ts)}","price":${row.price},"open":${row.open}` +
  `,"high":${row.high},"low":${row.low},"market_cap":${row.marketCap},"volume":${row.volume}` +
  `,"observations":${row.observations},"open_event_ts":"${formatRfc3339(row.openEventTs)}"` +
  `,"open_observed_at":"${formatRfc3339(row.openObservedAt)}","close_event_ts":"${formatRfc3339(row.closeEventTs)}"` +
  `,"close_observed_at":"${formatRfc3339(row.closeObservedAt)}","observed_at":"${formatRfc3339(row.observedAt)}"`;

/** With the flag u it matches only a surrogate that is not half of a pair: UTF-8 has no bytes for it. */
const LONE_SURROGATE = /\p{Surrogate}/u;

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: Buffer | null): Fields {
  if (value === null) throw new PulseError('bad-record', 'the record has no value');
  let parsed: unknown;
  try {
    parsed = JSON.parse(value.toString('utf8'));
  } catch (cause) {
    throw new PulseError('bad-record', 'the value is not JSON', { cause });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new PulseError('bad-record', 'the value is not an object');
  return parsed as Fields;
}

function hourRow(fields: Fields): HourRow {
  const row: HourRow = {
    ts: time(fields, 'ts'),
    price: positive(fields, 'price'),
    open: positive(fields, 'open'),
    high: positive(fields, 'high'),
    low: positive(fields, 'low'),
    marketCap: nullable(fields, 'market_cap'),
    volume: nullable(fields, 'volume'),
    observations: positive(fields, 'observations'),
    openEventTs: time(fields, 'open_event_ts'),
    openObservedAt: time(fields, 'open_observed_at'),
    closeEventTs: time(fields, 'close_event_ts'),
    closeObservedAt: time(fields, 'close_observed_at'),
    observedAt: time(fields, 'observed_at'),
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

function time(fields: Fields, name: string): number {
  const value = fields[name];
  const ms = typeof value === 'string' ? parseRfc3339Text(value) : undefined;
  if (ms === undefined) throw wrong(name, value);
  return ms;
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
