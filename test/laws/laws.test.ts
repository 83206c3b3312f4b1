import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryRecords } from '../support/driver/arbitrary-records.ts';
import { anotherWay, type Differing } from '../support/driver/arbitrary-script.ts';
import { type DriverRecord, type DriverTables, PipelineDriver } from '../support/driver/pipeline-driver.ts';
import { type OracleTables, oracleTables } from '../support/oracle/oracle-tables.ts';

const RUNS = 100;
const DISORDERLY = { order: true, batches: true, partitions: true, salting: true, crashes: true } as const;
const HOUR_MS = 3_600_000;

/** Hours that ticks may have, too, and some that none has. */
const spoiltRows = fc.array(
  fc.record({
    coinId: fc.constantFrom('bitcoin', 'ethereum', 'ghost'),
    price: fc.constantFrom(1, 7.5, 1e9),
    ts: fc.integer({ min: -20, max: 30 }).map((hours) => Date.UTC(2024, 1, 28, 12) + hours * HOUR_MS),
  }),
  { minLength: 1, maxLength: 6 },
);

describe('the laws of the tables', () => {
  it('1. each table equals what a batch job computes from all records', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryRecords, async (records) => {
        const tables = await plainly(records);
        const wanted = batchOf(records);
        expect(parsed(tables.prices)).toEqual(Object.fromEntries(wanted.silver));
        expect(parsed(tables.features)).toEqual(Object.fromEntries(wanted.features));
        expect(parsed(tables.movers)).toEqual(Object.fromEntries(wanted.movers));
      }),
      { numRuns: RUNS },
    );
  });

  it('2. order does not matter', () => expectSame({ order: true }));

  it('3. batch and commit boundaries do not matter', () => expectSame({ batches: true }));

  it('4. partitioning and salting do not matter', () => expectSame({ partitions: true, salting: true }));

  it('5. a crash at any step of a commit, or the loss of all state, changes nothing', () =>
    expectSame({ crashes: true, batches: true }));

  it('2 to 5 at once do not matter either', () =>
    expectSame({ order: true, batches: true, partitions: true, salting: true, crashes: true }));

  it('6. every record in is a tick, no quote, or a dead letter', async () => {
    const way = anotherWay({ order: true, batches: true, partitions: true, salting: true, crashes: true });
    let forwarded = 0;
    await fc.assert(
      fc.asyncProperty(way, async ({ records, script, options }) => {
        const { counts, deadLetters } = await new PipelineDriver(options).play(script);
        const wanted = batchOf(records).counts;
        const dead = Object.values(wanted.deadLetters).reduce((sum, n) => sum + n, 0);
        expect(counts).toMatchObject({ records: records.length, ticks: wanted.ticks, noQuote: wanted.noQuote, dead });
        expect(counts.unbundled).toBe(counts.forwarded);
        forwarded += counts.forwarded;
        expect(deadLetters).toBe(dead);
      }),
      { numRuns: RUNS },
    );
    expect(forwarded, 'records that took the detour').toBeGreaterThan(0);
  });

  it('7. a replay makes what live made, whatever crashes on the way, and whatever comes in meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(anotherWay(DISORDERLY), anotherWay(DISORDERLY), async (live, replay) => {
        const more = replay.script.flatMap((item) => (item.kind === 'records' ? item.records : []));
        const tables = await new PipelineDriver(live.options).play([
          ...live.script,
          { kind: 'replay' },
          { kind: 'records', records: more },
          ...replay.script.filter(({ kind }) => kind !== 'records'),
        ]);
        expect(rowsOf(tables)).toEqual(rowsOf(await plainly(live.records)));
      }),
      { numRuns: RUNS },
    );
  });

  it('8. a replay that is promoted mends every row that nobody computed, whatever crashes on the way', async () => {
    const between = anotherWay({ crashes: true }).map(({ script }) => script.filter(({ kind }) => kind !== 'records'));
    await fc.assert(
      fc.asyncProperty(
        anotherWay(DISORDERLY),
        arbitraryRecords,
        arbitraryRecords,
        spoiltRows,
        between,
        between,
        async (...given) => {
          const [live, taken, waiting, rows, before, after] = given;
          const tables = await new PipelineDriver(live.options).play([
            ...live.script,
            { kind: 'run' },
            { kind: 'spoil', rows },
            // Gold follows from them.
            { kind: 'records', records: taken },
            { kind: 'run' },
            // What stage 2 has not got to is promoted, too, and counts once.
            { kind: 'records', records: waiting },
            { kind: 'replay' },
            ...before,
            { kind: 'promote' },
            ...after,
          ]);
          expect(rowsOf(tables)).toEqual(rowsOf(await plainly([...live.records, ...taken, ...waiting])));
        },
      ),
      { numRuns: RUNS },
    );
  });
});

/** Byte by byte the same latest row of every key, on the plain way and on the other. */
async function expectSame(differing: Differing): Promise<void> {
  await fc.assert(
    fc.asyncProperty(anotherWay(differing), async ({ records, script, options }) => {
      const tables = await new PipelineDriver(options).play(script);
      expect(rowsOf(tables)).toEqual(rowsOf(await plainly(records)));
    }),
    { numRuns: RUNS },
  );
}

const plainly = (records: readonly DriverRecord[]): Promise<DriverTables> =>
  new PipelineDriver({ partitions: 1 }).play([{ kind: 'records', records }]);

const batchOf = (records: readonly DriverRecord[]): OracleTables =>
  oracleTables(records.map((record) => ({ headers: {}, timestamp: 0, ...record })));

const rowsOf = ({ prices, features, movers }: DriverTables) => ({
  prices: [...prices],
  features: [...features],
  movers: [...movers],
});

const parsed = (rows: ReadonlyMap<string, string>): Record<string, unknown> =>
  Object.fromEntries([...rows].map(([key, value]) => [key, JSON.parse(value) as unknown]));
