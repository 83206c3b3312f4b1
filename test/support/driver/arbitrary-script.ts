import fc from 'fast-check';
import type { SaltedKey } from '../../../src/streams/hot-keys/balance.ts';
import { arbitraryRecords, coinIds } from './arbitrary-records.ts';
import type { DriverItem, DriverOptions, DriverRecord } from './pipeline-driver.ts';

/** Records, and another way for them to come: in another order, split, spread, interrupted. */
export interface AnotherWay {
  readonly records: readonly DriverRecord[];
  readonly script: readonly DriverItem[];
  readonly options: DriverOptions;
}

/** What differs from the plain way: everything in order, at once, through one partition. */
export interface Differing {
  readonly order?: boolean;
  /** Sizes of the log's batches and of the commits, and records that come while others are processed. */
  readonly batches?: boolean;
  /** 1 to 12 partitions, and any record through any of them, as salting does. */
  readonly partitions?: boolean;
  /** Keys forwarded to other partitions, others from each commit on. */
  readonly salting?: boolean;
  /** Crashes at every step of a commit, lost state, compaction. */
  readonly crashes?: boolean;
}

const MOST_PARTS = 6;

const run: DriverItem = { kind: 'run' };
const interruption: fc.Arbitrary<DriverItem> = fc.oneof(
  fc.constant(run),
  fc.record<DriverItem & { kind: 'crash' }>({
    kind: fc.constant('crash'),
    step: fc.constantFrom('outputs-ready', 'log-committed', 'state-committed'),
    nth: fc.integer({ min: 1, max: 6 }),
  }),
  fc.constant<DriverItem>({ kind: 'lose-state' }),
  fc.constant<DriverItem>({ kind: 'compact' }),
);

/** Any coin may be hot in any partition. */
const salting = fc.uniqueArray(
  fc.record({
    key: fc.constantFrom(...coinIds),
    home: fc.nat(11),
    cycle: fc.array(fc.nat(11), { minLength: 1, maxLength: 5 }),
  }),
  { maxLength: 8, selector: ({ key, home }) => `${key}|${home}` },
);

const within = (saltings: readonly (readonly SaltedKey[])[], partitions: number): readonly (readonly SaltedKey[])[] =>
  saltings.map((keys) =>
    keys.map(({ key, home, cycle }) => ({
      key,
      home: home % partitions,
      cycle: cycle.map((lane) => lane % partitions),
    })),
  );

/** Records with another way that differs in what is named. */
export function anotherWay(differing: Differing): fc.Arbitrary<AnotherWay> {
  return arbitraryRecords.chain((records) => {
    const all = [...records.keys()];
    const between: fc.Arbitrary<readonly DriverItem[]> = differing.crashes
      ? fc.array(interruption, { maxLength: 2 })
      : fc.constant([run]);
    return fc
      .record({
        saltings: differing.salting ? fc.array(salting, { minLength: 1, maxLength: 4 }) : fc.constant([]),
        order: differing.order ? fc.shuffledSubarray(all, { minLength: all.length }) : fc.constant(all),
        partitions: differing.partitions ? fc.integer({ min: 1, max: 12 }) : fc.constant(1),
        salts: fc.array(fc.nat(11), { minLength: all.length, maxLength: all.length }),
        cuts: fc.array(fc.nat(all.length), { maxLength: differing.batches || differing.crashes ? MOST_PARTS - 1 : 0 }),
        events: fc.array(between, { minLength: MOST_PARTS, maxLength: MOST_PARTS }),
        commitRecords: differing.batches ? fc.constantFrom(1, 3, 20, 1000) : fc.constant(1000),
        batchBytes: differing.batches ? fc.constantFrom(1, 400, 1 << 19) : fc.constant(1 << 19),
      })
      .map(({ saltings, order, partitions, salts, cuts, events, commitRecords, batchBytes }) => {
        const moved = order.map((from, to) => ({ ...(records[from] as DriverRecord), partition: salts[to] ?? 0 }));
        const ends = [...new Set([...cuts, all.length])].sort((a, b) => a - b);
        const script = ends.flatMap((end, part): DriverItem[] => [
          { kind: 'records', records: moved.slice(part === 0 ? 0 : ends[part - 1], end) },
          ...(events[part] ?? []),
        ]);
        return {
          records,
          script,
          options: { partitions, commitRecords, batchBytes, saltings: within(saltings, partitions) },
        };
      });
  });
}
