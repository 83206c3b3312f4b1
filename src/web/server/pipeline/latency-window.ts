import { TREND_MS } from '../../pipeline-contract.ts';

/** More than this is no more exact. */
const MAX_SAMPLES = 600;

/** Durations of the last five minutes. */
export class LatencyWindow {
  readonly #samples: { readonly at: number; readonly ms: number }[] = [];

  add(at: number, ms: number): void {
    this.#samples.push({ at, ms });
    if (this.#samples.length > MAX_SAMPLES) this.#samples.shift();
  }

  /** The duration that 95 of 100 do not exceed, and how many there are; null where there is none. */
  summary(now: number): { readonly p95Ms: number | null; readonly samples: number } {
    while ((this.#samples[0]?.at ?? now) < now - TREND_MS) this.#samples.shift();
    const sorted = this.#samples.map(({ ms }) => ms).sort((a, b) => a - b);
    return { p95Ms: sorted[Math.ceil(sorted.length * 0.95) - 1] ?? null, samples: sorted.length };
  }
}
