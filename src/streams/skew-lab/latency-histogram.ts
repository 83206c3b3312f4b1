/** How long records took, in buckets that grow by 4.4 %: any quantile is known to within that. */
export class LatencyHistogram {
  readonly #counts = new Map<number, number>();

  add(ms: number, records: number): void {
    this.#put(Math.max(0, Math.ceil(Math.log2(ms / LEAST_MS) * BUCKETS_AN_OCTAVE)), records);
  }

  /** Adds the buckets of another one. */
  merge(buckets: readonly LatencyBucket[]): void {
    for (const { place, records } of buckets) this.#put(place, records);
  }

  /** Those with records in them, in order. */
  buckets(): readonly LatencyBucket[] {
    return [...this.#counts]
      .sort(([a], [b]) => a - b)
      .map(([place, records]) => ({ place, upToMs: LEAST_MS * 2 ** (place / BUCKETS_AN_OCTAVE), records }));
  }

  /** What so large a share of the records took at most; 0 of none. */
  quantile(share: number): number {
    const buckets = this.buckets();
    const wanted = share * buckets.reduce((sum, { records }) => sum + records, 0);
    let seen = 0;
    for (const { upToMs, records } of buckets) if ((seen += records) >= wanted) return upToMs;
    return 0;
  }

  #put(place: number, records: number): void {
    this.#counts.set(place, (this.#counts.get(place) ?? 0) + records);
  }
}

/** Records that took at most `upToMs`, and more than the bucket before. */
export interface LatencyBucket {
  readonly place: number;
  readonly upToMs: number;
  readonly records: number;
}

const LEAST_MS = 0.01;
const BUCKETS_AN_OCTAVE = 16;
