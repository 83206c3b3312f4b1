import type { CoinChange } from '../3-silver/coin-change.ts';
import { HOUR_MS, type HourMs } from '../time.ts';

/** A run of hours `[from, to)` that holds every row that some changes reach. */
export interface Stretch {
  readonly from: HourMs;
  readonly to: HourMs;
  /** Whether a change reaches the hour, which lies in the run; asked in ascending order. */
  covers(hour: HourMs): boolean;
}

interface Reached {
  readonly from: HourMs;
  readonly to: HourMs;
}

/**
 * The runs of hours that a change reaches, ascending and disjoint. Runs that lie within a window's length of each other
 * are one, as their windows overlap and would be read twice.
 *
 * ```
 * changed    c        c                             c
 * reached    ████████████████                       ████████
 * stretch   [                )                     [        )
 * ```
 *
 * @param reach the length of the longest window, in milliseconds
 */
export function stretchesOf(change: CoinChange, reach: number): readonly Stretch[] {
  const groups: Reached[][] = [];
  let end = -Infinity;
  for (const { row, reaches } of change.hours) {
    const to = Math.min(row.ts + (reaches ? reach : HOUR_MS), change.newest + HOUR_MS);
    if (row.ts > end + reach) groups.push([]);
    groups.at(-1)?.push({ from: row.ts, to });
    end = Math.max(end, to);
  }
  return groups.map(stretchOf);
}

function stretchOf(reached: readonly Reached[]): Stretch {
  let next = 0;
  let until = -Infinity;
  return {
    from: reached[0]?.from ?? 0,
    to: reached.reduce((most, { to }) => Math.max(most, to), -Infinity),
    covers(hour) {
      for (; next < reached.length && (reached[next] as Reached).from <= hour; next++)
        until = Math.max(until, (reached[next] as Reached).to);
      return hour < until;
    },
  };
}
