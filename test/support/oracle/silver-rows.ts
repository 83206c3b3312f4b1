import type { OracleTick } from './classify-record.ts';

/** A row of `pulse.prices_hourly` as its JSON has it. */
export interface OracleSilverRow {
  readonly coin_id: string;
  readonly ts: string;
  readonly price: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly market_cap: number | null;
  readonly volume: number | null;
  readonly observations: number;
  readonly open_event_ts: string;
  readonly open_observed_at: string;
  readonly close_event_ts: string;
  readonly close_observed_at: string;
  readonly observed_at: string;
  readonly final: boolean;
}

const HOUR_MS = 3_600_000;

const rfc3339 = (time: number): string => new Date(time).toISOString();
const largest = (values: readonly number[]): number => values.reduce((a, b) => (b > a ? b : a));
const smallest = (values: readonly number[]): number => values.reduce((a, b) => (b < a ? b : a));
const nullLowest = (a: number | null, b: number | null): number => (a ?? -Infinity) - (b ?? -Infinity) || 0;

/** The order of two ticks of a coin: event time, observed at, price, market cap, volume; null lowest. */
export function compareTicks(a: OracleTick, b: OracleTick): number {
  return (
    a.eventTs - b.eventTs ||
    a.observedAt - b.observedAt ||
    a.price - b.price ||
    nullLowest(a.marketCap, b.marketCap) ||
    nullLowest(a.volume, b.volume)
  );
}

/** The hourly rows of one coin's ticks, in hour order. A row is final once an observed at lies after its end plus grace. */
export function silverRows(ticks: readonly OracleTick[], graceMs: number): readonly OracleSilverRow[] {
  const hours = new Map<number, OracleTick[]>();
  for (const tick of [...ticks].sort(compareTicks)) {
    const hour = Math.floor(tick.eventTs / HOUR_MS) * HOUR_MS;
    const inHour = hours.get(hour);
    if (inHour === undefined) hours.set(hour, [tick]);
    else inHour.push(tick);
  }
  const newest = largest(ticks.map((tick) => tick.observedAt));
  return [...hours].map(([hour, inHour]) => silverRow(hour, inHour, newest > hour + HOUR_MS + graceMs));
}

function silverRow(hour: number, ticks: readonly OracleTick[], final: boolean): OracleSilverRow {
  const open = ticks.at(0)!;
  const close = ticks.at(-1)!;
  const prices = ticks.map((tick) => tick.price);
  return {
    coin_id: close.coinId,
    ts: rfc3339(hour),
    price: close.price,
    open: open.price,
    high: largest(prices),
    low: smallest(prices),
    market_cap: close.marketCap,
    volume: close.volume,
    observations: ticks.length,
    open_event_ts: rfc3339(open.eventTs),
    open_observed_at: rfc3339(open.observedAt),
    close_event_ts: rfc3339(close.eventTs),
    close_observed_at: rfc3339(close.observedAt),
    observed_at: rfc3339(largest(ticks.map((tick) => tick.observedAt))),
    final,
  };
}
