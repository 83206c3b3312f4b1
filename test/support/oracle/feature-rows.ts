import type { OracleSilverRow } from './silver-rows.ts';

/** A row of `pulse.features_hourly` as its JSON has it. */
export type OracleFeatureRow = ReturnType<typeof featureRow>;

/** A row of `pulse.top_movers_24h` as its JSON has it. */
export interface OracleMoverRow {
  readonly coin_id: string;
  readonly as_of: string;
  readonly price: number;
  readonly ret_24h: number | null;
  readonly vol_24h: number | null;
  readonly high_24h: number;
  readonly low_24h: number;
  readonly volume: number | null;
  readonly market_cap: number | null;
}

const HOUR_MS = 3_600_000;

/** A coin's hourly rows by the start of their hour. */
type Hours = Pick<ReadonlyMap<number, OracleSilverRow>, 'get'>;

/** The feature rows of one coin's hourly rows. */
export function featureRows(rows: readonly OracleSilverRow[]): readonly OracleFeatureRow[] {
  const hours = byHour(rows);
  return rows.map((row) => featureRow(row, hours));
}

/** The feature row of one of a coin's hours: what every declared feature is, said a second time. */
export function featureRow(row: OracleSilverRow, hours: Hours) {
  const h = Date.parse(row.ts);
  const price24 = rowsIn(hours, h, 24).map((each) => each.price);
  const price72 = rowsIn(hours, h, 72).map((each) => each.price);
  const returns = returnsIn(hours, h, 24);
  const ret = returnOver(hours, h, 1);
  const volatility = deviation(returns);
  return {
    coin_id: row.coin_id,
    ts: row.ts,
    price: row.price,
    market_cap: row.market_cap,
    volume: row.volume,
    ret_1h: ret,
    ma_24: finite(mean(price24)),
    ma_72: finite(mean(price72)),
    vol_24h: volatility,
    zscore_1h:
      ret === null || volatility === null || volatility === 0 ? null : finite((ret - mean(returns)) / volatility),
    n_24: price24.length,
    n_72: price72.length,
    final: row.final,
  };
}

/** The mover row of one coin's hourly rows: the coin at its newest hour. */
export function moverRow(rows: readonly OracleSilverRow[]): OracleMoverRow {
  const hours = byHour(rows);
  const h = [...hours.keys()].reduce((a, b) => (b > a ? b : a));
  const newest = hours.get(h)!;
  const day = rowsIn(hours, h, 24);
  return {
    coin_id: newest.coin_id,
    as_of: newest.ts,
    price: newest.price,
    ret_24h: returnOver(hours, h, 24),
    vol_24h: deviation(returnsIn(hours, h, 24)),
    high_24h: Math.max(...day.map((row) => row.high)),
    low_24h: Math.min(...day.map((row) => row.low)),
    volume: newest.volume,
    market_cap: newest.market_cap,
  };
}

const byHour = (rows: readonly OracleSilverRow[]): ReadonlyMap<number, OracleSilverRow> =>
  new Map(rows.map((row) => [Date.parse(row.ts), row]));

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The rows that exist in `(h - count hours, h]`, oldest first. */
function rowsIn(hours: Hours, h: number, count: number): readonly OracleSilverRow[] {
  const found: OracleSilverRow[] = [];
  for (let hour = h - (count - 1) * HOUR_MS; hour <= h; hour += HOUR_MS) {
    const row = hours.get(hour);
    if (row !== undefined) found.push(row);
  }
  return found;
}

/** `P(h) / P(h - back hours) - 1`; null where either hour has no row. */
function returnOver(hours: Hours, h: number, back: number): number | null {
  const now = hours.get(h);
  const before = hours.get(h - back * HOUR_MS);
  return now === undefined || before === undefined ? null : finite(now.price / before.price - 1);
}

/** The hourly returns that exist in `(h - count hours, h]`, oldest first. */
function returnsIn(hours: Hours, h: number, count: number): readonly number[] {
  const found: number[] = [];
  for (let hour = h - (count - 1) * HOUR_MS; hour <= h; hour += HOUR_MS) {
    const ret = returnOver(hours, hour, 1);
    if (ret !== null) found.push(ret);
  }
  return found;
}

function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** The sample standard deviation, in two passes; null for fewer than two values. */
function deviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const middle = mean(values);
  let squares = 0;
  for (const value of values) squares += (value - middle) * (value - middle);
  return finite(Math.sqrt(squares / (values.length - 1)));
}
