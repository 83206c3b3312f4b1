import type { TableReader, TableWriter } from './table.ts';

/**
 * A partition of a table as it will be once the staged rows are written: reads see staged rows first. Nothing reaches
 * the table before {@link UnitOfWork.flush}.
 */
export class UnitOfWork<Value> {
  readonly #table: TableReader<Value> & TableWriter<Value>;
  readonly #partition: number;
  readonly #staged = new Map<string, Map<number, Value>>();

  constructor(table: TableReader<Value> & TableWriter<Value>, partition: number) {
    this.#table = table;
    this.#partition = partition;
  }

  get(key: string, time: number): Value | undefined {
    return this.#staged.get(key)?.get(time) ?? this.#table.get(this.#partition, key, time);
  }

  put(key: string, time: number, value: Value): void {
    let times = this.#staged.get(key);
    if (times === undefined) this.#staged.set(key, (times = new Map<number, Value>()));
    times.set(time, value);
  }

  /** Visits the key's values at `[from, to)`, ascending, staged ones in place of stored ones. */
  visit(key: string, from: number, to: number, visitor: (value: Value, time: number) => void): void {
    const staged = this.#staged.get(key);
    if (staged === undefined) return this.#table.visit(this.#partition, key, from, to, visitor);
    const ahead = [...staged.keys()].filter((time) => time >= from && time < to).sort((a, b) => a - b);
    let next = 0;
    const visitStagedBelow = (limit: number): void => {
      for (; next < ahead.length && (ahead[next] as number) < limit; next++)
        visitor(staged.get(ahead[next] as number) as Value, ahead[next] as number);
    };
    this.#table.visit(this.#partition, key, from, to, (value, time) => {
      visitStagedBelow(time);
      if (!staged.has(time)) visitor(value, time);
    });
    visitStagedBelow(to);
  }

  /** Writes the staged rows; inside a transaction. They stay staged until {@link UnitOfWork.clear}. */
  flush(): void {
    for (const [key, times] of this.#staged)
      for (const [time, value] of times) this.#table.put(this.#partition, key, time, value);
  }

  /** Forgets the staged rows. */
  clear(): void {
    this.#staged.clear();
  }
}
