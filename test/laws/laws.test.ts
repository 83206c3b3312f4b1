import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryRecords } from '../support/driver/arbitrary-records.ts';
import { twoWays } from '../support/driver/arbitrary-script.ts';
import { type DriverRecord, type DriverTables, PipelineDriver } from '../support/driver/pipeline-driver.ts';
import { oracleTables } from '../support/oracle/oracle-tables.ts';

const RUNS = 150;

const plainly = (records: readonly DriverRecord[]): Promise<DriverTables> =>
  new PipelineDriver({ partitions: 1 }).play([{ kind: 'records', records }]);

const tablesOf = ({ prices, features, movers }: DriverTables) => ({
  prices: [...prices],
  features: [...features],
  movers: [...movers],
});

const parsed = (rows: ReadonlyMap<string, string>): Record<string, unknown> =>
  Object.fromEntries([...rows].map(([key, value]) => [key, JSON.parse(value)]));

describe('every table equals what a batch job would compute', () => {
  it('for any set of records', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryRecords, async (records) => {
        const tables = await plainly(records);
        const wanted = oracleTables(records.map((record) => ({ headers: {}, timestamp: 0, ...record })));
        expect(parsed(tables.prices)).toEqual(Object.fromEntries(wanted.silver));
        expect(parsed(tables.features)).toEqual(Object.fromEntries(wanted.features));
        expect(parsed(tables.movers)).toEqual(Object.fromEntries(wanted.movers));
      }),
      { numRuns: RUNS },
    );
  });

  it('byte by byte, in whatever order, batches, partitions and salting, and whatever crashes on the way', async () => {
    await fc.assert(
      fc.asyncProperty(twoWays, async ({ records, script, options }) => {
        const tables = await new PipelineDriver(options).play(script);
        expect(tablesOf(tables)).toEqual(tablesOf(await plainly(records)));
      }),
      { numRuns: RUNS },
    );
  });

  it('and every record in is a tick, no quote, or a dead letter', async () => {
    await fc.assert(
      fc.asyncProperty(twoWays, async ({ records, script, options }) => {
        const { counts, deadLetters } = await new PipelineDriver(options).play(script);
        const wanted = oracleTables(records.map((record) => ({ headers: {}, timestamp: 0, ...record }))).counts;
        const dead = Object.values(wanted.deadLetters).reduce((sum, n) => sum + n, 0);
        expect(counts).toEqual({ records: records.length, ticks: wanted.ticks, noQuote: wanted.noQuote, dead });
        expect(deadLetters).toBe(dead);
      }),
      { numRuns: RUNS },
    );
  });
});
