import type { HourWindow } from './hour-window.ts';

/*
 * Figures over the hours (h - hours, h]. Sums run in ascending order of hours and deviations take a second pass, so that
 * equal rows give equal bits, whatever the path on which they came to be.
 */

/** One column of a window. */
export type Column = 'price' | 'high' | 'low' | 'ret';

/** How many of the hours have a value. */
export function count(window: HourWindow, column: Column, hours: number): number {
  let n = 0;
  for (let ago = hours - 1; ago >= 0; ago--) if (!Number.isNaN(window[column](ago))) n++;
  return n;
}

/** The mean of the values there are; NaN without any. */
export function mean(window: HourWindow, column: Column, hours: number): number {
  let sum = 0;
  let n = 0;
  for (let ago = hours - 1; ago >= 0; ago--) {
    const value = window[column](ago);
    if (Number.isNaN(value)) continue;
    sum += value;
    n++;
  }
  return sum / n;
}

/** The sample standard deviation (n - 1) of the values there are; NaN with fewer than two. */
export function sampleDeviation(window: HourWindow, column: Column, hours: number): number {
  const centre = mean(window, column, hours);
  let squares = 0;
  let n = 0;
  for (let ago = hours - 1; ago >= 0; ago--) {
    const value = window[column](ago);
    if (Number.isNaN(value)) continue;
    squares += (value - centre) * (value - centre);
    n++;
  }
  return n < 2 ? NaN : Math.sqrt(squares / (n - 1));
}

/** The largest of the values there are; NaN without any. */
export const maximum = (window: HourWindow, column: Column, hours: number): number =>
  extreme(window, column, hours, (value, best) => value > best);

/** The smallest of the values there are; NaN without any. */
export const minimum = (window: HourWindow, column: Column, hours: number): number =>
  extreme(window, column, hours, (value, best) => value < best);

function extreme(
  window: HourWindow,
  column: Column,
  hours: number,
  beats: (value: number, best: number) => boolean,
): number {
  let best = NaN;
  for (let ago = hours - 1; ago >= 0; ago--) {
    const value = window[column](ago);
    if (!Number.isNaN(value) && (Number.isNaN(best) || beats(value, best))) best = value;
  }
  return best;
}
