import type { Table } from './table.ts';

/** A key's rows at the times `[from, …)`: all that the table holds there, ascending. */
interface Recent<Value> {
  from: number;
  readonly times: number[];
  readonly values: Value[];
}

/** How many rows of one key are kept at most; the older half goes first. */
const ROWS_A_KEY = 128;
const ROWS = 65_536;

const EVER = 2 ** 52 - 1;

/**
 * One partition of a table with the newest rows of the keys used last in memory, so that a window which is read at every
 * commit is not unpacked each time. Memory is bounded, by the rows of a key and in all.
 *
 * It must be the only writer of its partition, and values must not be changed once put.
 */
export class RecentRows<Value> implements Table<Value> {
  readonly #table: Table<Value>;
  readonly #partition: number;
  /** The key used longest ago comes first. */
  readonly #recent = new Map<string, Recent<Value>>();
  #rows = 0;

  constructor(table: Table<Value>, partition: number) {
    this.#table = table;
    this.#partition = partition;
  }

  get(partition: number, key: string, time: number): Value | undefined {
    const recent = this.#known(partition, key, time);
    if (recent === undefined) return this.#table.get(partition, key, time);
    const at = place(recent.times, time);
    return recent.times[at] === time ? recent.values[at] : undefined;
  }

  visit(partition: number, key: string, from: number, to: number, visitor: (value: Value, time: number) => void): void {
    const recent = this.#known(partition, key, from) ?? this.#load(partition, key, from);
    if (recent === undefined) return this.#table.visit(partition, key, from, to, visitor);
    const { times, values } = recent;
    for (let at = place(times, from); at < times.length && (times[at] as number) < to; at++)
      visitor(values[at] as Value, times[at] as number);
  }

  keys(partition: number): Iterable<string> {
    return this.#table.keys(partition);
  }

  put(partition: number, key: string, time: number, value: Value): void {
    this.#table.put(partition, key, time, value);
    const recent = this.#known(partition, key, time);
    if (recent === undefined) return;
    const at = place(recent.times, time);
    if (recent.times[at] === time) {
      recent.values[at] = value;
      return;
    }
    recent.times.splice(at, 0, time);
    recent.values.splice(at, 0, value);
    this.#rows++;
    this.#trim(recent);
  }

  remove(partition: number, key: string, time: number): void {
    this.#table.remove(partition, key, time);
    this.#forget(key);
  }

  /** The key's rows, where they reach back to that time; the key counts as used. */
  #known(partition: number, key: string, time: number): Recent<Value> | undefined {
    const recent = this.#recent.get(key);
    if (recent === undefined || partition !== this.#partition || time < recent.from) return undefined;
    this.#recent.delete(key);
    this.#recent.set(key, recent);
    return recent;
  }

  /** Reads the key's rows from that time on; undefined where they are too many to keep. */
  #load(partition: number, key: string, from: number): Recent<Value> | undefined {
    if (partition !== this.#partition) return undefined;
    const recent: Recent<Value> = { from, times: [], values: [] };
    this.#table.visit(partition, key, from, EVER, (value, time) => {
      recent.times.push(time);
      recent.values.push(value);
    });
    this.#forget(key);
    if (recent.times.length > ROWS_A_KEY) return undefined;
    this.#recent.set(key, recent);
    this.#rows += recent.times.length;
    for (const eldest of this.#recent.keys()) {
      if (this.#rows <= ROWS || eldest === key) break;
      this.#forget(eldest);
    }
    return recent;
  }

  #trim(recent: Recent<Value>): void {
    if (recent.times.length <= ROWS_A_KEY) return;
    recent.times.splice(0, ROWS_A_KEY / 2);
    recent.values.splice(0, ROWS_A_KEY / 2);
    recent.from = recent.times[0] ?? EVER;
    this.#rows -= ROWS_A_KEY / 2;
  }

  #forget(key: string): void {
    this.#rows -= this.#recent.get(key)?.times.length ?? 0;
    this.#recent.delete(key);
  }
}

/** The place of the first time that is not below `time`. */
function place(times: readonly number[], time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
