/** A key that may be frequent: its true weight lies in `[count - error, count]`. */
export interface HeavyHitter {
  readonly key: string;
  readonly count: number;
  readonly error: number;
}

/**
 * The heaviest keys of a stream in memory for `capacity` keys, however many there are.
 *
 * With W the weight of all that was added, for every key: the estimate is never below its true weight, exceeds it by no more
 * than W / capacity, and every key whose weight is above W / capacity is among the keys held.
 *
 * Source: A. Metwally, D. Agrawal, A. El Abbadi, Efficient Computation of Frequent and Top-k Elements in Data Streams, 2005,
 * with weights as in R. Berinde, G. Cormode, P. Indyk, M. Strauss, Space-optimal Heavy Hitters with Strong Error Bounds, 2009.
 */
export class SpaceSaving {
  readonly capacity: number;
  /** The weight of all that was added. */
  #total = 0;
  readonly #places = new Map<string, number>();
  readonly #keys: string[] = [];
  /** By place. The least is found by looking at all: for some hundred keys faster than keeping a heap in order. */
  readonly #counts: Float64Array;
  readonly #errors: Float64Array;

  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) throw new RangeError(`no capacity: ${capacity}`);
    this.capacity = capacity;
    this.#counts = new Float64Array(capacity);
    this.#errors = new Float64Array(capacity);
  }

  get total(): number {
    return this.#total;
  }

  /** The largest weight that a key which is not held can have. */
  get unseen(): number {
    return this.#keys.length < this.capacity ? 0 : (this.#counts[this.#least()] ?? 0);
  }

  /** `weight` is above 0; it may be too large by `error`, as where another sketch tells it. */
  add(key: string, weight = 1, error = 0): void {
    this.#total += weight;
    const known = this.#places.get(key);
    if (known !== undefined) {
      this.#counts[known] = (this.#counts[known] ?? 0) + weight;
      this.#errors[known] = (this.#errors[known] ?? 0) + error;
    } else if (this.#keys.length < this.capacity) {
      this.#put(this.#keys.length, key, weight, error);
    } else {
      const place = this.#least();
      const displaced = this.#counts[place] ?? 0;
      this.#places.delete(this.#keys[place] ?? '');
      this.#put(place, key, displaced + weight, displaced + error);
    }
  }

  /** What is known of a key: of one that is not held, all that it can have is error. */
  of(key: string): HeavyHitter {
    const place = this.#places.get(key);
    if (place === undefined) return { key, count: this.unseen, error: this.unseen };
    return { key, count: this.#counts[place] ?? 0, error: this.#errors[place] ?? 0 };
  }

  /** The keys held, in no order. */
  keys(): readonly string[] {
    return this.#keys;
  }

  #put(place: number, key: string, count: number, error: number): void {
    this.#keys[place] = key;
    this.#places.set(key, place);
    this.#counts[place] = count;
    this.#errors[place] = error;
  }

  #least(): number {
    const counts = this.#counts;
    let place = 0;
    for (let each = 1; each < counts.length; each++) if ((counts[each] ?? 0) < (counts[place] ?? 0)) place = each;
    return place;
  }
}
