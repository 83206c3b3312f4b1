import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type DriverRecord, PipelineDriver } from '../support/driver/pipeline-driver.ts';
import { oracleTables } from '../support/oracle/oracle-tables.ts';

const row = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** A case: quotes in the order in which they come, and every row that must be there then. */
const golden = z.strictObject({
  /** What it shows, in a sentence. */
  shows: z.string(),
  /** Elements of `/coins/markets`, each with an `observed_at` beside. */
  quotes: z.array(z.looseObject({ observed_at: z.string() })),
  counts: z.strictObject({ records: z.number(), ticks: z.number(), noQuote: z.number(), dead: z.number() }),
  silver: z.array(row),
  features: z.array(row),
  movers: z.array(row),
});

const recordOf = ({ observed_at: observedAt, ...quote }: z.infer<typeof golden>['quotes'][number]): DriverRecord => ({
  partition: 0,
  key: null,
  value: Buffer.from(JSON.stringify(quote)),
  headers: { observed_at: observedAt, source: 'recorded' },
});

const parsed = (rows: ReadonlyMap<string, string>): readonly unknown[] =>
  [...rows.values()].map((text) => JSON.parse(text) as unknown);

const cases = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.json'))
  .map((name) => golden.parse(JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8'))));

describe.each(cases)('$shows', ({ quotes, counts, silver, features, movers }) => {
  const records = quotes.map(recordOf);

  it('says the pipeline, at once and quote by quote, in this order and from the end', async () => {
    for (const [commitRecords, order] of [
      [1_000, records],
      [1, records],
      [1, [...records].reverse()],
    ] as const) {
      const driver = new PipelineDriver({ partitions: 2, commitRecords, batchBytes: commitRecords });
      const tables = await driver.play([{ kind: 'records', records: order }]);
      expect(parsed(tables.prices)).toEqual(silver);
      // A case tells of the figures that it was written for: one that is declared later is no part of it.
      expect(parsed(tables.features)).toMatchObject(features);
      expect(parsed(tables.movers)).toMatchObject(movers);
      expect(tables.counts).toMatchObject(counts);
    }
  });

  it('says a batch job', () => {
    const tables = oracleTables(records.map((record) => ({ headers: {}, timestamp: 0, ...record })));
    expect([...tables.silver.values()]).toEqual(silver);
    expect([...tables.features.values()]).toMatchObject(features);
    expect([...tables.movers.values()]).toMatchObject(movers);
  });
});
