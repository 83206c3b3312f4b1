/**
 * The read side of a table keyed by (partition, key, time). Times are safe integers, ordered; a key's times are one
 * contiguous range. Reads see every committed transaction, and inside a transaction its own writes.
 */
export interface TableReader<Value> {
  get(partition: number, key: string, time: number): Value | undefined;
  /** Visits the values of one key at the times `[from, to)`, ascending. The visitor must not write. */
  visit(partition: number, key: string, from: number, to: number, visitor: (value: Value, time: number) => void): void;
  /** Every key of the partition, once. Writes between two steps are allowed and may or may not be seen. */
  keys(partition: number): Iterable<string>;
}

/** The write side; only inside {@link StateEnvironment.transaction}. */
export interface TableWriter<Value> {
  put(partition: number, key: string, time: number, value: Value): void;
  remove(partition: number, key: string, time: number): void;
}

export interface Table<Value> extends TableReader<Value>, TableWriter<Value> {}
