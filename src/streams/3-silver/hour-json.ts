import { PulseError } from '../../errors.ts';
import { jsonObject } from '../json/json-object.ts';
import { formatRfc3339, parseRfc3339Text } from '../rfc3339.ts';
import type { HourMs } from '../time.ts';
import { type Fields, partialOfFields, silverOfFields, type TimeOf } from './hour-fields.ts';
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
  return partialOfFields(fieldsOf(value), timeOf);
}

/** Throws `bad-record` for anything that {@link encodeSilver} could not have written. */
export function decodeSilver(value: Buffer): SilverRow {
  return silverOfFields(fieldsOf(value), timeOf);
}

const columns = (coinId: string, row: HourRow): string =>
  `"coin_id":${JSON.stringify(coinId)},"ts":"${formatRfc3339(row.ts)}","price":${row.price},"open":${row.open}` +
  `,"high":${row.high},"low":${row.low},"market_cap":${row.marketCap},"volume":${row.volume}` +
  `,"observations":${row.observations},"open_event_ts":"${formatRfc3339(row.openEventTs)}"` +
  `,"open_observed_at":"${formatRfc3339(row.openObservedAt)}","close_event_ts":"${formatRfc3339(row.closeEventTs)}"` +
  `,"close_observed_at":"${formatRfc3339(row.closeObservedAt)}","observed_at":"${formatRfc3339(row.observedAt)}"`;

const timeOf: TimeOf = (value) => (typeof value === 'string' ? parseRfc3339Text(value) : undefined);

function fieldsOf(value: Buffer | null): Fields {
  if (value === null) throw new PulseError('bad-record', 'the record has no value');
  return jsonObject(value);
}
