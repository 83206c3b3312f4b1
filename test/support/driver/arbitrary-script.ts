import fc from 'fast-check';
import { arbitraryRecords } from './arbitrary-records.ts';
import type { DriverItem, DriverOptions, DriverRecord } from './pipeline-driver.ts';

/** The same records on two ways: as they are, and in another order, split, spread and interrupted. */
export interface TwoWays {
  readonly records: readonly DriverRecord[];
  readonly script: readonly DriverItem[];
  readonly options: DriverOptions;
}

const event: fc.Arbitrary<DriverItem> = fc.oneof(
  fc.constant<DriverItem>({ kind: 'run' }),
  fc.record<DriverItem & { kind: 'crash' }>({
    kind: fc.constant('crash'),
    step: fc.constantFrom('outputs-ready', 'log-committed', 'state-committed'),
    nth: fc.integer({ min: 1, max: 6 }),
  }),
  fc.constant<DriverItem>({ kind: 'lose-state' }),
  fc.constant<DriverItem>({ kind: 'compact' }),
);

/** Cuts, spread over 1 to 12 partitions (any coin through any of them, as salting does), events between the parts. */
export const twoWays: fc.Arbitrary<TwoWays> = arbitraryRecords.chain((records) =>
  fc
    .record({
      order: fc.shuffledSubarray([...records.keys()], { minLength: records.length }),
      partitions: fc.integer({ min: 1, max: 12 }),
      salts: fc.array(fc.nat(11), { minLength: records.length, maxLength: records.length }),
      cuts: fc.array(fc.nat(records.length), { maxLength: 5 }),
      events: fc.array(fc.array(event, { maxLength: 2 }), { minLength: 6, maxLength: 6 }),
      commitRecords: fc.constantFrom(1, 3, 20, 1000),
      batchBytes: fc.constantFrom(1, 400, 1 << 19),
    })
    .map(({ order, partitions, salts, cuts, events, commitRecords, batchBytes }) => {
      const moved = order.map((from, to) => ({ ...(records[from] as DriverRecord), partition: salts[to] ?? 0 }));
      const ends = [...new Set([...cuts, records.length])].sort((a, b) => a - b);
      const script = ends.flatMap((end, part): DriverItem[] => [
        { kind: 'records', records: moved.slice(part === 0 ? 0 : ends[part - 1], end) },
        ...(events[part] ?? []),
      ]);
      return { records, script, options: { partitions, commitRecords, batchBytes } };
    }),
);
