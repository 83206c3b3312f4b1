import { moverRow, featureRows, type OracleFeatureRow, type OracleMoverRow } from './oracle/feature-rows.ts';
import type { OracleSilverRow } from './oracle/silver-rows.ts';
import type { StoredHour } from '../../src/streams/3-silver/stored-hour.ts';
import type { HourReader } from '../../src/streams/4-gold/roll-windows.ts';
import { HOUR_MS } from '../../src/streams/time.ts';

/** The hour that is 0 in a series. */
export const SERIES_START = Date.UTC(2024, 1, 28);

export const hourNumber = (ts: number): number => (ts - SERIES_START) / HOUR_MS;

/** An hour of a series: by its number, with a price, and whatever else matters. */
export function storedHour(number: number, price: number, rest: Partial<StoredHour> = {}): StoredHour {
  const ts = SERIES_START + number * HOUR_MS;
  return {
    ...{ ts, price, open: price, high: price, low: price, marketCap: null, volume: null, observations: 1 },
    ...{ openEventTs: ts, openObservedAt: ts, closeEventTs: ts, closeObservedAt: ts, observedAt: ts, final: false },
    ...rest,
  };
}

/** Hours by number, of whatever coin. */
export class HourSeries implements HourReader {
  readonly #rows = new Map<number, StoredHour>();

  constructor(rows: Iterable<StoredHour> = []) {
    for (const row of rows) this.put(row);
  }

  put(row: StoredHour): void {
    this.#rows.set(row.ts, row);
  }

  get(ts: number): StoredHour | undefined {
    return this.#rows.get(ts);
  }

  get all(): readonly StoredHour[] {
    return [...this.#rows.values()].sort((a, b) => a.ts - b.ts);
  }

  visit(_coinId: string, from: number, to: number, visitor: (row: StoredHour) => void): void {
    this.all.filter(({ ts }) => ts >= from && ts < to).forEach(visitor);
  }
}

/** What a batch job computes of the hours. */
export function batchGold(
  coinId: string,
  hours: readonly StoredHour[],
): { readonly features: readonly OracleFeatureRow[]; readonly mover: OracleMoverRow } {
  const rows = hours.map((hour) => silverRow(coinId, hour));
  return { features: featureRows(rows), mover: moverRow(rows) };
}

const iso = (time: number): string => new Date(time).toISOString();

const silverRow = (coinId: string, hour: StoredHour): OracleSilverRow => ({
  coin_id: coinId,
  ts: iso(hour.ts),
  price: hour.price,
  open: hour.open,
  high: hour.high,
  low: hour.low,
  market_cap: hour.marketCap,
  volume: hour.volume,
  observations: hour.observations,
  open_event_ts: iso(hour.openEventTs),
  open_observed_at: iso(hour.openObservedAt),
  close_event_ts: iso(hour.closeEventTs),
  close_observed_at: iso(hour.closeObservedAt),
  observed_at: iso(hour.observedAt),
  final: hour.final,
});
