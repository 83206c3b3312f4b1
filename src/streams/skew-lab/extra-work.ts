import type { LabRecord } from './record-arena.ts';
import { addDigests, digestOf, type DigestSum, noDigests } from './digest.ts';
import type { PartialRow } from './task-work.ts';

/**
 * The work that is done on every record's bytes beside the workload's own. What comes of it is summed by key and belongs to
 * the result; so no record can be left out, worked on twice, or have its work optimised away, without its showing.
 */
export class ExtraWork {
  readonly #rounds: number;
  readonly #keys: readonly string[];
  readonly #sums = new Map<number, DigestSum>();

  constructor(rounds: number, keys: readonly string[]) {
    this.#rounds = rounds;
    this.#keys = keys;
  }

  add({ keyNumber, value }: LabRecord): void {
    const digest = digestOf(value, this.#rounds);
    this.#sums.set(keyNumber, addDigests(this.#sums.get(keyNumber) ?? noDigests, digest));
  }

  commit(): readonly PartialRow[] {
    const rows = [...this.#sums].map(([number, sum]) => {
      const key = this.#keys[number] ?? '';
      return { key, line: JSON.stringify({ key, ...sum }) };
    });
    this.#sums.clear();
    return rows;
  }
}

/** Adds up the sums of the tasks. */
export class ExtraMerge {
  readonly #sums = new Map<string, DigestSum>();

  add(line: string): void {
    const { key, ...sum } = JSON.parse(line) as DigestSum & { readonly key: string };
    this.#sums.set(key, addDigests(this.#sums.get(key) ?? noDigests, sum));
  }

  /** How many records were worked on. */
  get records(): number {
    return [...this.#sums.values()].reduce((sum, { count }) => sum + count, 0);
  }

  lines(): readonly string[] {
    return [...this.#sums].map(([key, sum]) => JSON.stringify({ key, ...sum }));
  }
}
