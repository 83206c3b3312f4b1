const HOUR_MS = 3_600_000;
/** A coin that is further from the market's hour than this doesn't compete. */
const MAX_APART_MS = 2 * HOUR_MS;

/**
 * The hour that the market is at, by the coins' newest hours: the newest that one coin in fifty has reached, and no fewer
 * than two. One coin with a date from the future is no market. Undefined without coins.
 */
export function marketHour(newest: readonly number[]): number | undefined {
  const enough = Math.min(newest.length, Math.max(2, Math.ceil(newest.length / 50)));
  return [...newest].sort((a, b) => b - a)[enough - 1];
}

/** True where a coin of that newest hour competes with the others. */
export const isAt = (ts: number, hour: number): boolean => Math.abs(ts - hour) <= MAX_APART_MS;

/** The end of the hours that a market at that hour may have reached, exclusive; no end without coins. */
export const endOfReach = (hour: number | undefined): number =>
  hour === undefined ? Infinity : hour + MAX_APART_MS + HOUR_MS;
