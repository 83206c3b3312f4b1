import { TREND_MS, TREND_POINTS } from '../../pipeline-contract.ts';

/** Which way a lag goes. */
export type Trend = 'rising' | 'falling' | 'steady' | 'unknown';

/** A minute, in points of a trend. */
const MINUTE = Math.round((60_000 / TREND_MS) * TREND_POINTS);
/** By less than this, or a fifth, a lag is what it was: commits come in strokes. */
const NOTHING = 5;

/** Of the last minute: its mean against that of the minute before. */
export function trendOf(points: readonly (number | null)[]): Trend {
  const [now, before] = [meanOf(points.slice(-MINUTE)), meanOf(points.slice(-2 * MINUTE, -MINUTE))];
  if (now === undefined || before === undefined) return 'unknown';
  const change = now - before;
  if (Math.abs(change) <= Math.max(NOTHING, before / 5)) return 'steady';
  return change > 0 ? 'rising' : 'falling';
}

/** The line through the points in a box that begins at nought, the oldest left; a gap breaks it. */
export function trendPath(points: readonly (number | null)[], width: number, height: number): string {
  const highest = Math.max(1, ...points.map((point) => point ?? 0));
  const step = width / (points.length - 1);
  let pen = 'M';
  return points
    .map((point, i) => {
      if (point === null) {
        pen = 'M';
        return '';
      }
      const at = `${pen}${(i * step).toFixed(1)} ${(height - (point / highest) * height).toFixed(1)}`;
      pen = 'L';
      return at;
    })
    .join('');
}

function meanOf(points: readonly (number | null)[]): number | undefined {
  const known = points.filter((point) => point !== null);
  return known.length === 0 ? undefined : known.reduce((sum, point) => sum + point, 0) / known.length;
}
