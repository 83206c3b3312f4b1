import { formatRfc3339 } from '../../rfc3339.ts';
import { HOUR_MS } from '../../time.ts';

/** A coin as it is named in `/coins/markets`. */
export interface ListedCoin {
  readonly id: string;
  readonly symbol?: string | undefined;
  readonly name?: string | undefined;
}

/** A point of the past in the shape of an element of `/coins/markets`. */
export interface PastQuote {
  readonly json: string;
  /** The point's own time where the event time was moved to the end of the hour before; milliseconds since the epoch. */
  readonly pointAt: number | undefined;
}

/** What a `/coins/{id}/market_chart` body gives. */
export type ChartQuotes =
  | { readonly kind: 'quotes'; readonly quotes: readonly PastQuote[] }
  /** `why` ends the sentence "CoinGecko's chart …". */
  | { readonly kind: 'unusable'; readonly why: string };

interface Point {
  readonly time: number;
  readonly price: unknown;
  readonly marketCap: unknown;
  readonly volume: unknown;
}

/** Points this close to an hour's boundary stand for it. */
const NEAR_MS = 5 * 60_000;
const DAILY_MS = 20 * HOUR_MS;

/**
 * Turns a chart's points, in whatever order they come, into quotes in the order of their own times.
 *
 * The point nearest to an hour's boundary, where one is within 5 min of it, is the close of the hour before: its event
 * time is the boundary − 1 ms. Any other point keeps its own, and so does one whose boundary had not come yet when the
 * chart was fetched: it can't close an hour that goes on.
 *
 *       ──●───┼─●────────────●───┼──────●──  now      the last point is off-grid
 *         │   11:00              12:00
 *         └ 10:58 keeps its time; 11:01 becomes 10:59:59.999; 11:57 becomes 11:59:59.999
 *
 * Prices, market caps and volumes are as they are in the body (null, 0); stage 1 judges them.
 */
export function chartQuotes(coin: ListedCoin, body: unknown, fetchedAt: number): ChartQuotes {
  const points = pointsOf(body);
  if (points.length === 0) return { kind: 'unusable', why: 'holds no points' };
  if (isDaily(points))
    return { kind: 'unusable', why: 'has one point a day, which makes no hours: ask for 90 days at most' };
  const closing = closingPoints(points, fetchedAt);
  const quotes = points.map((point) => {
    const boundary = boundaryOf(point.time);
    const isClose = closing.get(boundary) === point;
    return {
      json: elementOf(coin, point, isClose ? boundary - 1 : point.time),
      pointAt: isClose ? point.time : undefined,
    };
  });
  return { kind: 'quotes', quotes };
}

/** The nearest boundary of hours. */
const boundaryOf = (time: number): number => Math.round(time / HOUR_MS) * HOUR_MS;

/** By boundary, the point that closes the hour before it; the later one of two that are equally near. */
function closingPoints(points: readonly Point[], fetchedAt: number): ReadonlyMap<number, Point> {
  const closing = new Map<number, Point>();
  for (const point of points) {
    const boundary = boundaryOf(point.time);
    const distance = Math.abs(point.time - boundary);
    if (distance > NEAR_MS || boundary > fetchedAt) continue;
    const nearest = closing.get(boundary);
    if (nearest === undefined || distance <= Math.abs(nearest.time - boundary)) closing.set(boundary, point);
  }
  return closing;
}

function elementOf(coin: ListedCoin, point: Point, eventTime: number): string {
  const { id, symbol, name } = coin;
  const { price: current_price, marketCap: market_cap, volume: total_volume } = point;
  return JSON.stringify({
    id,
    symbol,
    name,
    current_price,
    market_cap,
    total_volume,
    last_updated: formatRfc3339(eventTime),
  });
}

/** In the order of time; of points with the same time the last. Market caps and volumes go with the price of their time. */
function pointsOf(body: unknown): readonly Point[] {
  const marketCaps = new Map(series(body, 'market_caps'));
  const volumes = new Map(series(body, 'total_volumes'));
  return [...new Map(series(body, 'prices'))]
    .map(([time, price]) => ({
      time,
      price,
      marketCap: marketCaps.get(time) ?? null,
      volume: volumes.get(time) ?? null,
    }))
    .sort((a, b) => a.time - b.time);
}

function series(body: unknown, name: string): readonly (readonly [time: number, value: unknown])[] {
  const found: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  if (!Array.isArray(found)) return [];
  return found.flatMap((pair: unknown) => (isPair(pair) ? [[pair[0], pair[1]] as const] : []));
}

/** A time that is no date of the years to 9999 belongs to no quote. */
const isPair = (pair: unknown): pair is readonly [number, unknown] =>
  Array.isArray(pair) && Number.isInteger(pair[0]) && Math.abs(Number(pair[0])) < 253_402_300_800_000;

/** All points but the last, which is the present one, are days apart. */
function isDaily(points: readonly Point[]): boolean {
  if (points.length < 3) return false;
  return points.every(
    (point, i) => i === 0 || i === points.length - 1 || point.time - (points[i - 1]?.time ?? 0) >= DAILY_MS,
  );
}
