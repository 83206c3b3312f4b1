/** Records that took at most `upToMs`, and more than the bucket before. */
export interface Bucket {
  readonly upToMs: number;
  readonly records: number;
}

/** A plot's box, in units of its own. */
export interface Box {
  readonly width: number;
  readonly height: number;
}

/** Of the shares, those that are marked; the axis is of nines, so that the tail has room. */
export const NINES = [0.5, 0.9, 0.99, 0.999] as const;
const MOST_NINES = 3.4;

/** How high a share stands: 0 at the foot, each further nine as far again. */
export const heightOf = (share: number, { height }: Box): number =>
  height - (Math.min(MOST_NINES, share >= 1 ? MOST_NINES : -Math.log10(1 - share)) / MOST_NINES) * height;

/** Where a time stands on the logarithmic axis `[from, to]`. */
export const widthOf = (ms: number, [from, to]: readonly [number, number], { width }: Box): number =>
  (Math.log(Math.max(ms, from) / from) / Math.log(to / from)) * width;

/** The time at a place of the axis. */
export const timeAt = (x: number, [from, to]: readonly [number, number], { width }: Box): number =>
  x >= width ? to : from * (to / from) ** (x / width);

/** The axis that all of the histograms fit on: whole powers of ten would waste half of it. */
export function extentOf(histograms: readonly (readonly Bucket[])[]): readonly [number, number] {
  const times = histograms.flatMap((buckets) => buckets.map(({ upToMs }) => upToMs)).filter((ms) => ms > 0);
  const [from, to] = [Math.min(...times), Math.max(...times)];
  return times.length === 0 ? [1, 10] : [from, Math.max(to, from * 1.1)];
}

/** The share of records that took no longer than that. */
export function shareAt(buckets: readonly Bucket[], ms: number): number {
  const total = buckets.reduce((sum, { records }) => sum + records, 0);
  const within = buckets.reduce((sum, { upToMs, records }) => sum + (upToMs <= ms ? records : 0), 0);
  return total === 0 ? 0 : within / total;
}

/** The steps of the distribution, from the foot of the box to its top. */
export function cdfPath(buckets: readonly Bucket[], extent: readonly [number, number], box: Box): string {
  const total = buckets.reduce((sum, { records }) => sum + records, 0);
  let [seen, path] = [0, ''];
  for (const { upToMs, records } of buckets) {
    seen += records;
    const [x, y] = [widthOf(upToMs, extent, box), heightOf(total === 0 ? 0 : seen / total, box)];
    path += path === '' ? `M${x.toFixed(1)} ${box.height}V${y.toFixed(1)}` : `H${x.toFixed(1)}V${y.toFixed(1)}`;
  }
  return path === '' ? '' : `${path}H${box.width}`;
}

/** 1, 2 and 5 of every power of ten on the axis. */
export function ticksOf([from, to]: readonly [number, number]): readonly number[] {
  const powers = Array.from({ length: 16 }, (_, i) => 10 ** (i - 4));
  const wanted = to / from > 200 ? [1] : to / from > 20 ? [1, 3] : [1, 2, 5];
  return powers
    .flatMap((power) => wanted.map((digit) => +(digit * power).toPrecision(1)))
    .filter((ms) => ms >= from && ms <= to);
}
