const FIRST_MS = 1000;
const LARGEST_MS = 15_000;

/** How long to wait before the next attempt: doubling from 1 s to 15 s, with up to a quarter of it taken off by chance. */
export function retryDelay(attempt: number, random: () => number): number {
  const full = Math.min(LARGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(full * (1 - random() / 4));
}
