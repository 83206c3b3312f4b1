import { type HeavyHitter, SpaceSaving } from './space-saving.ts';

/** How heavy hitters are looked for. */
export interface HorizonSpec {
  /** What counts, in milliseconds; it slides by one pane at a time. */
  readonly horizonMs: number;
  readonly panes: number;
  /** Keys held per pane. */
  readonly capacity: number;
}

/** The heaviest keys of a horizon, heaviest first, and the weight of all keys in it. */
export interface HeavyKeys {
  readonly total: number;
  readonly keys: readonly HeavyHitter[];
}

interface Pane {
  readonly index: number;
  readonly sketch: SpaceSaving;
}

/**
 * The heaviest keys of the last `horizonMs`, in memory for `panes * capacity` keys. The horizon is cut into panes, each a
 * {@link SpaceSaving}; a pane that has left the horizon is dropped as a whole:
 *
 * ```
 *            dropped ◄─┤ pane │ pane │ pane │ pane (filling) │
 *                      └────────── horizon ──────────► now
 * ```
 *
 * The bounds of the panes add up: an estimate exceeds the true weight by no more than W / capacity, W being the horizon's.
 *
 * Source: P. Agarwal, G. Cormode et al., Mergeable Summaries, 2012.
 */
export class HeavyHitters {
  readonly #spec: HorizonSpec;
  #panes: Pane[] = [];

  constructor(spec: HorizonSpec) {
    this.#spec = spec;
  }

  /** `weight` is above 0, and may be too large by `error`; `now` never goes back, in milliseconds. */
  add(key: string, weight: number, now: number, error = 0): void {
    this.#filling(now).sketch.add(key, weight, error);
  }

  /** The keys that are held, heaviest first. */
  heaviest(now: number): HeavyKeys {
    this.#slide(now);
    const keys = new Set(this.#panes.flatMap(({ sketch }) => sketch.keys()));
    const found = [...keys].map((key) => this.#sum(key)).sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
    return { total: this.#panes.reduce((sum, { sketch }) => sum + sketch.total, 0), keys: found };
  }

  #sum(key: string): HeavyHitter {
    let [count, error] = [0, 0];
    for (const { sketch } of this.#panes) {
      const part = sketch.of(key);
      count += part.count;
      error += part.error;
    }
    return { key, count, error };
  }

  #filling(now: number): Pane {
    const index = this.#slide(now);
    const last = this.#panes.at(-1);
    if (last?.index === index) return last;
    const pane = { index, sketch: new SpaceSaving(this.#spec.capacity) };
    this.#panes.push(pane);
    return pane;
  }

  /** Drops what has left the horizon; the index of the present pane. */
  #slide(now: number): number {
    const { horizonMs, panes } = this.#spec;
    const index = Math.floor(now / (horizonMs / panes));
    if ((this.#panes[0]?.index ?? index) <= index - panes)
      this.#panes = this.#panes.filter((pane) => pane.index > index - panes);
    return index;
  }
}
