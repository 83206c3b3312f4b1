import type { HourMs } from '../time.ts';

/** A column of a window. */
export type Column = 'price' | 'high' | 'low' | 'ret';

/**
 * A coin's hours up to and including hour `h`, seen from `h`. `ago` counts hours back: 0 is `h`, 1 the hour before.
 * An hour without a row is NaN: a gap is a gap.
 */
export interface HourWindow {
  readonly hour: HourMs;
  price(ago: number): number;
  high(ago: number): number;
  low(ago: number): number;
  /** `price(ago) / price(ago + 1) - 1`, NaN where an hour is missing or the result is not finite. */
  ret(ago: number): number;
  /**
   * A whole column, for sums over it: `h` is at {@link cursor}, each hour before one place lower. Places below 0 have no
   * row, and those above the cursor are not to be looked at.
   */
  values(column: Column): Float64Array;
  readonly cursor: number;
}
