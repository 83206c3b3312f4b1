import { type Edge, type Reader, TREND_MS, TREND_POINTS } from '../../pipeline-contract.ts';
import type { LatencyWindow } from './latency-window.ts';
import { OffsetSeries, type OffsetSample } from './offset-series.ts';

export interface EdgeShape {
  readonly topic: string;
  readonly label: string;
  readonly reader: Reader;
}

/** What one reader of a topic has read of it, partition by partition. */
export class EdgeMeter {
  readonly shape: EdgeShape;
  readonly #partitions = new Map<number, OffsetSeries>();
  readonly #latency: LatencyWindow | undefined;

  constructor(shape: EdgeShape, latency: LatencyWindow | undefined) {
    this.shape = shape;
    this.#latency = latency;
  }

  sample(partition: number, sample: OffsetSample): void {
    let series = this.#partitions.get(partition);
    if (series === undefined) this.#partitions.set(partition, (series = new OffsetSeries()));
    series.add(sample);
  }

  edge(now: number): Edge {
    const all = [...this.#partitions.values()];
    const series = all.filter((one) => one.isCurrent(now));
    const sum = (of: (one: OffsetSeries) => number | null): number | null => total(series.map(of));
    const lags = series.flatMap((one) => one.lagMs(now) ?? []);
    const longest = lags.reduce<(typeof lags)[number] | null>((a, b) => (a === null || b.ms > a.ms ? b : a), null);
    return {
      ...this.shape,
      inPerSecond: sum((one) => one.rate(({ end }) => end)),
      outPerSecond: sum((one) => one.rate(({ position }) => position)),
      lag: sum((one) => one.lagAt(now)),
      lagMs: longest?.ms ?? null,
      isLagMsLeast: longest?.isLeast ?? false,
      trend: Array.from({ length: TREND_POINTS }, (_, i) =>
        total(all.map((one) => one.lagAt(now - ((TREND_POINTS - 1 - i) * TREND_MS) / TREND_POINTS))),
      ),
      ...(this.#latency?.summary(now) ?? { p95Ms: null, samples: 0 }),
    };
  }
}

/** Null where no partition has a figure. */
function total(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}
