import type { Column, HourWindow } from './hour-window.ts';

/*
 * Figures over the hours (h - hours, h]. Sums run in ascending order of hours and deviations take a second pass, so that
 * equal rows give equal bits, whatever the path on which they came to be. The loops go over a column itself: they run
 * some 500 times for every row, and asking the window hour by hour took four times as long.
 */

/** How many of the hours have a value. */
export function count(window: HourWindow, column: Column, hours: number): number {
  const values = window.values(column);
  let n = 0;
  for (let at = first(window, hours); at <= window.cursor; at++) if (!Number.isNaN(values[at])) n++;
  return n;
}

/** The mean of the values there are; NaN without any. */
export function mean(window: HourWindow, column: Column, hours: number): number {
  const values = window.values(column);
  let sum = 0;
  let n = 0;
  for (let at = first(window, hours); at <= window.cursor; at++) {
    const value = values[at] as number;
    if (Number.isNaN(value)) continue;
    sum += value;
    n++;
  }
  return sum / n;
}

/** The sample standard deviation (n - 1) of the values there are; NaN with fewer than two. */
export function sampleDeviation(window: HourWindow, column: Column, hours: number): number {
  const values = window.values(column);
  const centre = mean(window, column, hours);
  let squares = 0;
  let n = 0;
  for (let at = first(window, hours); at <= window.cursor; at++) {
    const value = values[at] as number;
    if (Number.isNaN(value)) continue;
    squares += (value - centre) * (value - centre);
    n++;
  }
  return n < 2 ? NaN : Math.sqrt(squares / (n - 1));
}

/** The largest of the values there are; NaN without any. */
export function maximum(window: HourWindow, column: Column, hours: number): number {
  const values = window.values(column);
  let best = NaN;
  for (let at = first(window, hours); at <= window.cursor; at++) {
    const value = values[at] as number;
    if (value > best || Number.isNaN(best)) best = value;
  }
  return best;
}

/** The smallest of the values there are; NaN without any. */
export function minimum(window: HourWindow, column: Column, hours: number): number {
  const values = window.values(column);
  let best = NaN;
  for (let at = first(window, hours); at <= window.cursor; at++) {
    const value = values[at] as number;
    if (value < best || Number.isNaN(best)) best = value;
  }
  return best;
}

const first = ({ cursor }: HourWindow, hours: number): number => Math.max(0, cursor - hours + 1);
