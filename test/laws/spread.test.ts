import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { asyncScheduler } from 'rxjs';
import { expect, it } from 'vitest';
import { recordedSource } from '../../src/streams/1-ingest/recorded/recorded-source.ts';
import { topicNames, topicSpecs } from '../../src/streams/topics.ts';
import { type DriverTables, PipelineDriver } from '../support/driver/pipeline-driver.ts';
import { oracleTables } from '../support/oracle/oracle-tables.ts';
import { recordOf } from '../support/oracle/recorded-records.ts';
import { temporaryFolder } from '../support/pulse.ts';

const RUNS = 30;
const HOUR_MS = 3_600_000;
const BEGIN = Date.UTC(2024, 1, 28, 12);
const { markets } = topicNames('');

/** A market with a hot coin or two; few prices and times, so that quotes of one coin collide in all that orders them. */
const coin = fc.oneof(
  { weight: 12, arbitrary: fc.constant('bitcoin') },
  { weight: 4, arbitrary: fc.constant('ü%/..|\u{1f600}') },
  { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f') },
);
const line = fc
  .record({
    id: coin,
    current_price: fc.constantFrom(1, 2, 1.2e-9, 205_378, 1e300, 0, null),
    market_cap: fc.constantFrom(null, 1_000_000),
    eventTs: fc.tuple(fc.nat(40), fc.constantFrom(0, 1, HOUR_MS - 1)).map(([hour, ms]) => BEGIN + hour * HOUR_MS + ms),
    lateMs: fc.constantFrom(-600_000, 0, 60_000, 50 * HOUR_MS),
  })
  .map(({ eventTs, lateMs, ...quote }) =>
    JSON.stringify({ ...quote, last_updated: iso(eventTs), observed_at: iso(eventTs + lateMs) }),
  );
const iso = (ms: number): string => new Date(ms).toISOString();

/** A recording: more quotes than nothing follows from, whether they are spread, and whether they are processed at once. */
const recording = fc.record({
  lines: fc.array(line, { minLength: 230, maxLength: 330 }),
  spread: fc.boolean(),
  isProcessed: fc.boolean(),
});
type Recording = typeof recording extends fc.Arbitrary<infer Value> ? Value : never;

/** The tables after an ingest of the recordings, one after the other; and the coins whose quotes are in several partitions. */
async function ingested(recordings: readonly Recording[], partitions: number, path: string) {
  const driver = new PipelineDriver({ partitions });
  const { log } = driver;
  await log.topics.ensure(topicSpecs('', partitions));
  for (const { lines, spread, isProcessed } of recordings) {
    writeFileSync(path, lines.join('\n'));
    const source = { log, namespace: '', partitions, scheduler: asyncScheduler, spread, path, again: true };
    await recordedSource({ ...source, speed: 'max', fastForwardMs: 0 }).run(new AbortController().signal);
    if (isProcessed) await driver.play([]);
  }
  const tables = await driver.play([]);
  const places = new Map<string, Set<number>>();
  for (let partition = 0; partition < partitions; partition++) {
    const { start, end } = await log.bounds({ topic: markets, partition });
    for await (const { records } of log.read({ topic: markets, partition }, start, end))
      for (const { key } of records) places.set(String(key), (places.get(String(key)) ?? new Set()).add(partition));
  }
  return { tables, spreadCoins: [...places.values()].filter((its) => its.size > 1).length };
}

const rowsOf = ({ prices, features, movers }: DriverTables) => [[...prices], [...features], [...movers]];
const parsed = (rows: ReadonlyMap<string, string>): Record<string, unknown> =>
  Object.fromEntries([...rows].map(([key, value]) => [key, JSON.parse(value) as unknown]));

it('an ingest that spreads hot coins, now and then or always, leaves the tables of one that does not, and of a batch job', async () => {
  const recordings = fc.array(recording, { minLength: 1, maxLength: 3 });
  const path = join(temporaryFolder(), 'recording.ndjson');
  let spreadCoins = 0;
  await fc.assert(
    fc.asyncProperty(recordings, fc.integer({ min: 2, max: 8 }), async (given, partitions) => {
      const seen = await ingested(given, partitions, path);
      const unspread = given.map((each) => ({ ...each, spread: false }));
      const plain = await ingested(unspread, partitions, path);
      expect(plain.spreadCoins).toBe(0);
      expect(rowsOf(seen.tables)).toEqual(rowsOf(plain.tables));
      const wanted = oracleTables(given.flatMap(({ lines }) => lines.map(recordOf)));
      expect(parsed(seen.tables.prices)).toEqual(Object.fromEntries(wanted.silver));
      expect(parsed(seen.tables.features)).toEqual(Object.fromEntries(wanted.features));
      expect(parsed(seen.tables.movers)).toEqual(Object.fromEntries(wanted.movers));
      if (!given.some(({ spread }) => spread)) expect(seen.spreadCoins).toBe(0);
      spreadCoins += seen.spreadCoins;
    }),
    // A failure is told as it is: to make so many quotes fewer takes minutes.
    { numRuns: RUNS, endOnFailure: true },
  );
  expect(spreadCoins, 'coins whose quotes went through several partitions').toBeGreaterThan(RUNS / 6);
});
