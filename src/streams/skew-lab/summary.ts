import { median as middle } from '../hot-keys/median.ts';

/** How some figures, one a task, are spread. */
export interface Summary {
  readonly min: number;
  readonly p25: number;
  readonly median: number;
  readonly p75: number;
  readonly max: number;
  readonly mean: number;
  /** max / median; 1 where all are nought, null where the median alone is: JSON has no Infinity. */
  readonly ratio: number | null;
  /** max − mean: what the slowest task does beyond its fair share. */
  readonly imbalance: number;
}

/** Quartiles lie between two figures where they must (linear interpolation, as in R's type 7). */
export function summaryOf(values: readonly number[]): Summary {
  if (values.length === 0) throw new RangeError('there is nothing to sum up');
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const low = sorted[Math.floor(place)] ?? 0;
    return low + ((sorted[Math.ceil(place)] ?? 0) - low) * (place - Math.floor(place));
  };
  const median = middle(sorted);
  const [min, max] = [at(0), at(1)];
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const ratio = median > 0 ? max / median : max === 0 ? 1 : null;
  return { min, p25: at(0.25), median, p75: at(0.75), max, mean, ratio, imbalance: max - mean };
}
