import { TREND_MS } from '../../pipeline-contract.ts';

/** Rates are over so long, where there are samples of it: short enough to be of now, long enough to hold several commits. */
const RATE_MS = 10_000;
/** Samples come every two seconds at most. */
const MAX_SAMPLES = TREND_MS / 2000 + 1;
/** The lake is asked while somebody looks alone: an older sample says nothing of now. */
const MAX_AGE_MS = 30_000;

/** Where a partition ended, and where its reader was. */
export interface OffsetSample {
  readonly at: number;
  readonly end: number;
  readonly position: number;
}

/** One partition's end and its reader's position over the last minutes. */
export class OffsetSeries {
  readonly #samples: OffsetSample[] = [];

  add(sample: OffsetSample): void {
    const last = this.#samples.at(-1);
    // A log that was made anew has nothing to do with the one before.
    if (last !== undefined && sample.end < last.end) this.#samples.length = 0;
    this.#samples.push(sample);
    while (this.#samples.length > MAX_SAMPLES || (this.#samples[0]?.at ?? 0) < sample.at - TREND_MS)
      this.#samples.shift();
  }

  /** Records that have come since the first sample; null where there is none. */
  growth(): number | null {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    return first === undefined || last === undefined ? null : last.end - first.end;
  }

  /** Whether there is a sample that still tells of now. */
  isCurrent(now: number): boolean {
    const last = this.#samples.at(-1);
    return last !== undefined && last.at >= now - MAX_AGE_MS;
  }

  /** Records behind, as of then: by the last sample that is not younger, nor much older. */
  lagAt(at: number): number | null {
    const sample = this.#samples.findLast((one) => one.at <= at);
    return sample === undefined || sample.at < at - MAX_AGE_MS ? null : behind(sample);
  }

  /** A second; null until there are two samples. */
  rate(of: (sample: OffsetSample) => number): number | null {
    const last = this.#samples.at(-1);
    if (last === undefined) return null;
    // While nobody looks, samples lie further apart than that: then it is over the last two.
    const first = this.#samples.findLast(({ at }) => at <= last.at - RATE_MS) ?? this.#samples[0];
    if (first === undefined || first === last) return null;
    return (Math.max(0, of(last) - of(first)) / (last.at - first.at)) * 1000;
  }

  /**
   * How long ago the partition ended where the reader is now, between two samples in proportion. `isLeast`: longer ago than
   * the first sample; it is at least that.
   */
  lagMs(now: number): { readonly ms: number; readonly isLeast: boolean } | null {
    const last = this.#samples.at(-1);
    if (last === undefined) return null;
    const { position } = last;
    if (position >= last.end) return { ms: 0, isLeast: false };
    const after = this.#samples.findIndex(({ end }) => end > position);
    const [before, next] = [this.#samples[after - 1], this.#samples[after]];
    if (next === undefined || before === undefined) return { ms: now - (next ?? last).at, isLeast: true };
    const share = (position - before.end) / (next.end - before.end);
    return { ms: now - (before.at + share * (next.at - before.at)), isLeast: false };
  }
}

const behind = ({ end, position }: OffsetSample): number => Math.max(0, end - position);
