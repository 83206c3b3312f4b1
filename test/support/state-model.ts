import fc from 'fast-check';

/** One write of a transaction. */
export type Write =
  | { kind: 'put'; table: string; partition: number; key: string; time: number; value: string }
  | { kind: 'remove'; table: string; partition: number; key: string; time: number }
  | { kind: 'meta'; partition: number; applied: number };

/** Something that is done to a state, all or nothing. */
export type Transaction =
  { kind: 'writes'; writes: readonly Write[]; throws: boolean } | { kind: 'drop'; partition: number };

/** Everything that a partition holds, sorted. */
export interface PartitionContents {
  readonly applied: number | undefined;
  /** Of each table, its keys, and each key's rows by time. */
  readonly tables: readonly (readonly {
    readonly key: string;
    readonly rows: readonly (readonly [number, string])[];
  }[])[];
}

interface ModelPartition {
  applied: number | undefined;
  /** By table, key and time. */
  readonly rows: Map<string, string>;
}

/** A state as a flat list of rows: too slow for anything but being right. */
export class ModelState {
  static readonly partitions: readonly number[] = [0, 1, 9];
  static readonly tables: readonly string[] = ['hours', 'coins'];

  readonly #partitions = new Map<number, ModelPartition>();

  play(transaction: Transaction): void {
    if (transaction.kind === 'drop') this.#partitions.delete(transaction.partition);
    else if (!transaction.throws) transaction.writes.forEach((write) => this.#write(write));
  }

  contents(): readonly PartitionContents[] {
    return ModelState.partitions.map((partition) => {
      const { applied, rows } = this.#partition(partition);
      const all = [...rows].map(([at, value]) => ({ at: JSON.parse(at) as [string, string, number], value }));
      return {
        applied,
        tables: ModelState.tables.map((table) => {
          const own = all.filter(({ at }) => at[0] === table);
          const keys = [...new Set(own.map(({ at }) => at[1]))].sort();
          return keys.map((key) => ({
            key,
            rows: own
              .filter(({ at }) => at[1] === key)
              .map(({ at, value }): readonly [number, string] => [at[2], value])
              .sort(([a], [b]) => a - b),
          }));
        }),
      };
    });
  }

  #write(write: Write): void {
    const partition = this.#partition(write.partition);
    if (write.kind === 'meta') {
      partition.applied = write.applied;
      return;
    }
    const at = JSON.stringify([write.table, write.key, write.time]);
    if (write.kind === 'put') partition.rows.set(at, write.value);
    else partition.rows.delete(at);
  }

  #partition(number: number): ModelPartition {
    let partition = this.#partitions.get(number);
    if (partition === undefined) this.#partitions.set(number, (partition = { applied: undefined, rows: new Map() }));
    return partition;
  }
}

const at = {
  table: fc.constantFrom(...ModelState.tables),
  partition: fc.constantFrom(...ModelState.partitions),
  key: fc.constantFrom('', 'a', 'ab', 'a\0', 'b|1', '₿'),
  time: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(2 ** 32, -(2 ** 32), 2 ** 53 - 2)),
};

const write: fc.Arbitrary<Write> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), ...at, value: fc.string({ maxLength: 9 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('remove' as const), ...at }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('meta' as const), partition: at.partition, applied: fc.nat() }),
  },
);

/** Transactions that meet each other's rows again and again; some throw at their end. */
export const arbitraryTransactions: fc.Arbitrary<readonly Transaction[]> = fc.array(
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc.record({
        kind: fc.constant('writes' as const),
        writes: fc.array(write, { maxLength: 12 }),
        throws: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), partition: at.partition }) },
  ),
  { maxLength: 10 },
);
