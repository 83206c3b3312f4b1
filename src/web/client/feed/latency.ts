const SAMPLES = 100;

/** What the last updates took, from the log to the screen: milliseconds. */
export interface LatencySummary {
  readonly last: number;
  readonly median: number;
  readonly p95: number;
  readonly samples: number;
}

/** The latencies of the last updates. */
export class Latency {
  readonly #samples: number[] = [];

  add(ms: number): void {
    this.#samples.push(ms);
    if (this.#samples.length > SAMPLES) this.#samples.shift();
  }

  /** Null before the first. */
  summary(): LatencySummary | null {
    const last = this.#samples.at(-1);
    if (last === undefined) return null;
    const sorted = [...this.#samples].sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? last;
    return { last, median: at(0.5), p95: at(0.95), samples: sorted.length };
  }
}
