import type { FrozenInput } from './frozen-input.ts';

/** How far one partition of the input has come. Offsets; what lies between them may be fewer records. */
export interface PartitionProgress {
  readonly partition: number;
  readonly start: number;
  readonly end: number;
  readonly position: number;
}

/** How far a replay has come. */
export interface ReplayFigures {
  readonly partitions: readonly PartitionProgress[];
  readonly done: number;
  readonly total: number;
  /** Over the last ten seconds; null before there are two looks. */
  readonly perSecond: number | null;
  /** At that rate; null where it is not known. */
  readonly leftMs: number | null;
  /** When the quotes that are being read were seen, milliseconds since the epoch; null before the first one. */
  readonly reached: number | null;
}

const WINDOW_MS = 10_000;

/** Makes figures of the positions that it is told. */
export class ReplayProgress {
  readonly #ranges: FrozenInput['ranges'];
  readonly #looks: { readonly at: number; readonly done: number }[] = [];

  constructor(ranges: FrozenInput['ranges']) {
    this.#ranges = ranges;
  }

  /** `positions` by partition; a partition that has none yet stands at its start. */
  look(now: number, positions: readonly (number | undefined)[], reached: number | null): ReplayFigures {
    const partitions = this.#ranges.map(({ start, end }, partition) => ({
      ...{ partition, start, end },
      position: Math.min(Math.max(positions[partition] ?? start, start), end),
    }));
    const done = partitions.reduce((sum, { start, position }) => sum + position - start, 0);
    const total = partitions.reduce((sum, { start, end }) => sum + end - start, 0);
    const perSecond = this.#rate(now, done);
    const leftMs = perSecond === null || perSecond === 0 ? null : Math.round(((total - done) / perSecond) * 1000);
    return { partitions, done, total, perSecond, leftMs, reached };
  }

  #rate(now: number, done: number): number | null {
    const looks = this.#looks;
    looks.push({ at: now, done });
    while (looks.length > 2 && now - (looks[1]?.at ?? now) >= WINDOW_MS) looks.shift();
    const [first] = looks;
    return first === undefined || now <= first.at ? null : ((done - first.done) / (now - first.at)) * 1000;
  }
}
