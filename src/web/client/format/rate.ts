import { formatCount } from './count.ts';

/** How many come a second: `0/s`, `<0.1/s`, `3.2/s`, `12.4K/s`. */
export function formatRate(perSecond: number): string {
  if (perSecond === 0) return '0/s';
  if (perSecond < 0.1) return '<0.1/s';
  return `${perSecond < 9.95 ? perSecond.toFixed(1) : formatCount(Math.round(perSecond))}/s`;
}
