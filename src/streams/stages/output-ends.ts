import { PulseError } from '../../errors.ts';
import type { GoldChange } from '../4-gold/roll-windows.ts';
import type { CommitResult, Log } from '../log/log.ts';
import type { Carried } from '../task/positions.ts';
import type { TopicNames } from '../topics.ts';

const tables = ['prices', 'features', 'movers'] as const;
type Table = (typeof tables)[number];

/**
 * Where the outputs of one partition end at least, with the commit that is being made. It goes with the position, so that a
 * topic that was deleted underneath, or cut off, is not taken for one that is still empty.
 */
export class OutputEnds {
  readonly #names: TopicNames;
  readonly #partition: number;
  readonly #ends = new Map<Table, number>();
  /** How many records the commit adds. */
  readonly #added = new Map<Table, number>();

  constructor(names: TopicNames, partition: number) {
    this.#names = names;
    this.#partition = partition;
  }

  /** Reads where the outputs end now; earlier owners are fenced by then. */
  async read(log: Log): Promise<void> {
    for (const table of tables) {
      const { end } = await log.bounds({ topic: this.#names[table], partition: this.#partition });
      this.#ends.set(table, end);
    }
  }

  /** Throws `changelog-lost` where the changelog ends before what the position vouches for. */
  refuseLostChangelog(carried: Carried): void {
    const vouched = vouchedFor(carried, 'prices');
    const end = this.#ends.get('prices') ?? 0;
    if (end >= vouched) return;
    throw new PulseError(
      'changelog-lost',
      `${this.#names.prices}[${this.#partition}] ends at offset ${end}, and ${vouched} were committed: it was deleted or ` +
        'cut off, and holds the state of stage 2. Restore it, or reset the namespace and ingest again',
    );
  }

  /** Whether a Gold topic ends before what the position vouches for: its rows can be had again from Silver. */
  isGoldLost(carried: Carried): boolean {
    return (['features', 'movers'] as const).some((table) => (this.#ends.get(table) ?? 0) < vouchedFor(carried, table));
  }

  /** Takes note of rows that go into the commit. */
  add({ hours, features, mover }: GoldChange): void {
    const counts = { prices: hours.length, features: features.length, movers: mover === undefined ? 0 : 1 };
    for (const table of tables) this.#added.set(table, (this.#added.get(table) ?? 0) + counts[table]);
  }

  committed(result: CommitResult): void {
    this.#added.clear();
    for (const table of tables) {
      const next = result.nextOffset(this.#names[table], this.#partition);
      if (next !== undefined) this.#ends.set(table, next);
    }
  }

  /** What the position carries of them. */
  get carried(): Carried {
    const end = (table: Table): number => (this.#ends.get(table) ?? 0) + (this.#added.get(table) ?? 0);
    return Object.fromEntries(tables.map((table) => [`${table}_end`, end(table)]));
  }
}

const vouchedFor = (carried: Carried, table: Table): number => Number(carried[`${table}_end`] ?? 0);
