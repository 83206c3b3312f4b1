import type { HourMs } from '../time.ts';

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
}
