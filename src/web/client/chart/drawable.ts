import type { Plot, Point } from './plots.ts';

/** The library refuses what is beyond a hundredth of the safe integers. */
const LARGEST = Number.MAX_SAFE_INTEGER / 100;

/** The same plot, with a gap where a value can't be drawn: one absurd price must not end the whole chart. */
export const drawable = ({ series, point }: Plot): Plot => ({
  series,
  point: (slot) => {
    const drawn = point(slot);
    return valuesOf(drawn).every((value) => Math.abs(value) <= LARGEST) ? drawn : { time: drawn.time };
  },
});

function valuesOf(point: Point): readonly number[] {
  if ('value' in point) return [point.value];
  return 'open' in point ? [point.open, point.high, point.low, point.close] : [];
}
