const FIRST_MS = 1000;
const LONGEST_MS = 60_000;

/**
 * How many milliseconds to wait before retry number `retry` (0 for the first): a random part of a span that doubles
 * each time, so that clients which failed together don't come back together. `random` is in [0, 1).
 *
 * Source: AWS Architecture Blog, Exponential Backoff And Jitter ("full jitter").
 */
export const backoffMs = (retry: number, random: () => number): number =>
  random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** retry);
