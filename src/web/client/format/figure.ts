import type { Column } from '../../contract.ts';
import { formatLarge } from './large.ts';
import { formatPrice, priceDecimals } from './price.ts';

/** The sign's meaning to the eye: which way an arrow points and which colour a figure has. */
export type Direction = 'up' | 'down' | 'flat';

export const NOTHING = '–';

/** Two decimals of a percentage, without its sign where `signed` is false. */
export function formatRatio(ratio: number, signed: boolean): string {
  const percent = Math.abs(ratio * 100);
  const digits = percent >= 1000 ? 0 : percent >= 100 ? 1 : 2;
  const shown = percent === Infinity ? beyond(ratio) : percent >= 1e5 ? formatLarge(percent) : percent.toFixed(digits);
  return `${signed && directionOf(ratio) !== 'flat' ? signOf(ratio) : ''}${shown}%`;
}

/** A ratio whose percentage float64 can't hold: its digits, and two more zeros. */
const beyond = (ratio: number): string => {
  const [digits, exponent] = Math.abs(ratio).toExponential(2).split('e+');
  return `${digits}e${Number(exponent) + 2}`;
};

/** Two decimals; what is shown as nought has no sign. */
export function formatDeviations(value: number): string {
  const shown = Math.abs(value).toFixed(2);
  return `${Number(shown) === 0 ? '' : signOf(value)}${shown}`;
}

export const formatCompact = (value: number | null): string => (value === null ? NOTHING : formatLarge(value));

/** A feature's figure as its unit is read; `price` gives the coin's decimals. */
export function formatFigure(column: Pick<Column, 'unit'>, value: number | null, price: number): string {
  if (value === null || !Number.isFinite(value)) return NOTHING;
  switch (column.unit) {
    case 'change':
      return formatRatio(value, true);
    case 'ratio':
      return formatRatio(value, false);
    case 'price':
      return formatPrice(value, priceDecimals(price));
    case 'standard deviations':
      return formatDeviations(value);
    case 'hours':
      return `${value} h`;
  }
}

/** Which way a figure points, judged by what is shown of it: +0.00% is flat. */
export function directionOf(ratio: number | null): Direction {
  if (ratio === null || Math.abs(ratio) < 0.00005) return 'flat';
  return ratio > 0 ? 'up' : 'down';
}

function signOf(value: number): string {
  if (value === 0) return '';
  return value > 0 ? '+' : '−';
}
