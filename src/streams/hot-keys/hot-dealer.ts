import { SpaceSaving } from './space-saving.ts';

/** Keys that are counted; each is known to within 1/256 of all. */
const CAPACITY = 256;
/** Of fewer records nothing follows. */
const LEAST_RECORDS = 200;

/**
 * Salts at the source, where it costs no detour: the records of a key that surely has more than a partition's fair share of all
 * so far are dealt out over the partitions, in turn.
 */
export class HotDealer {
  readonly #partitions: number;
  readonly #sketch = new SpaceSaving(CAPACITY);
  #turn = 0;

  constructor(partitions: number) {
    this.#partitions = partitions;
  }

  /** The partition for the key's next record; undefined where its hash names it, as usual. */
  deal(key: string): number | undefined {
    this.#sketch.add(key);
    const { total } = this.#sketch;
    if (total < LEAST_RECORDS) return undefined;
    const { count, error } = this.#sketch.of(key);
    return (count - error) * this.#partitions > total ? this.#turn++ % this.#partitions : undefined;
  }
}
