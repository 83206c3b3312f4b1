import type { Codec } from '../codec.ts';
import type { Table } from '../table.ts';

/** A table as maps of packed values: packing keeps callers from sharing objects with it, as LMDB does. */
export class MemoryTable<Value> implements Table<Value> {
  readonly #codec: Codec<Value>;
  readonly #partitions = new Map<number, Map<string, Map<number, Buffer>>>();
  #undo: (() => void)[] | undefined;

  constructor(codec: Codec<Value>) {
    this.#codec = codec;
  }

  get(partition: number, key: string, time: number): Value | undefined {
    const bytes = this.#partitions.get(partition)?.get(key)?.get(time);
    return bytes && this.#codec.decode(bytes);
  }

  visit(partition: number, key: string, from: number, to: number, visitor: (value: Value, time: number) => void): void {
    const times = this.#partitions.get(partition)?.get(key);
    if (times === undefined) return;
    for (const time of [...times.keys()].filter((t) => t >= from && t < to).sort((a, b) => a - b))
      visitor(this.#codec.decode(times.get(time) as Buffer), time);
  }

  keys(partition: number): Iterable<string> {
    return [...(this.#partitions.get(partition) ?? [])].filter(([, times]) => times.size > 0).map(([key]) => key);
  }

  put(partition: number, key: string, time: number, value: Value): void {
    this.#set(partition, key, time, Buffer.from(this.#codec.encode(value)));
  }

  remove(partition: number, key: string, time: number): void {
    this.#set(partition, key, time, undefined);
  }

  /** Starts to note how to undo; the result undoes everything since. */
  mark(): () => void {
    const undo: (() => void)[] = [];
    this.#undo = undo;
    return () => {
      for (const step of undo.reverse()) step();
    };
  }

  /** Ends what {@link MemoryTable.mark} began. */
  settle(): void {
    this.#undo = undefined;
  }

  drop(partition: number): void {
    this.#partitions.delete(partition);
  }

  #set(partition: number, key: string, time: number, bytes: Buffer | undefined): void {
    const times = this.#times(partition, key);
    const before = times.get(time);
    this.#undo?.push(() => void (before === undefined ? times.delete(time) : times.set(time, before)));
    if (bytes === undefined) times.delete(time);
    else times.set(time, bytes);
  }

  #times(partition: number, key: string): Map<number, Buffer> {
    let keys = this.#partitions.get(partition);
    if (keys === undefined) this.#partitions.set(partition, (keys = new Map<string, Map<number, Buffer>>()));
    let times = keys.get(key);
    if (times === undefined) keys.set(key, (times = new Map<number, Buffer>()));
    return times;
  }
}
