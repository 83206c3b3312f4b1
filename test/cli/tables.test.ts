import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/streams/1-ingest/simulated/random.ts';
import { expectEqualTable } from '../support/equal-tables.ts';
import { oracleTables } from '../support/oracle/oracle-tables.ts';
import { recordedRecords } from '../support/oracle/recorded-records.ts';
import { pulse, readTopic, temporaryFolder } from '../support/pulse.ts';
import { recordedBodies } from '../support/recorded-bodies.ts';
import { skewedMarket } from '../support/skewed-market.ts';

const SAMPLE = resolve('data/sample/market-2023-12.ndjson.gz');

describe('ingest, process and read, as a user runs them', () => {
  it('give the tables that a batch job computes, for every recorded body of /coins/markets', async () => {
    const file = recordedBodies();
    expect(recordedRecords(file).length).toBeGreaterThan(5_000);
    await compareWithBatch(file);
  });

  it('give the tables that a batch job computes, and the candles that the market was made of', async () => {
    const env = await compareWithBatch(SAMPLE);
    const candles = new Map<string, { open: number; high: number; low: number; price: number }>();
    for (const { value } of recordedRecords(SAMPLE)) {
      const quote = JSON.parse(String(value)) as { id: string; current_price: number; last_updated: string };
      const key = `${quote.id}|${quote.last_updated.slice(0, 13)}:00:00.000Z`;
      const price = quote.current_price;
      const candle = candles.get(key);
      // Four ticks a candle in the order of time: open first, close last, the extremes between.
      if (candle === undefined) candles.set(key, { open: price, high: price, low: price, price });
      else
        candles.set(key, {
          ...candle,
          high: Math.max(candle.high, price),
          low: Math.min(candle.low, price),
          price,
        });
    }
    const rows = await readTopic('pulse.prices_hourly', ['--latest-per-key'], env);
    expect(rows).toHaveLength(candles.size);
    for (const { key, value } of rows) expect(value).toMatchObject(candles.get(key ?? '') ?? { key: 'no such candle' });
  });

  it('give the tables that a batch job computes where the hot coin is spread, and only that coin is', async () => {
    const market = { skew: { kind: 'hot', share: 0.6 }, coins: 40, quotes: 3_000, hours: 60 } as const;
    const file = join(temporaryFolder(), 'skewed.ndjson');
    writeFileSync(
      file,
      skewedMarket(market, seededRandom('spread'))
        .map(({ value }) => `${String(value)}\n`)
        .join(''),
    );
    const env = await compareWithBatch(file, ['--spread']);
    const places = new Map<string | null, Set<number>>();
    for (const { key, partition } of await readTopic('coingecko.markets', [], env))
      places.set(key, (places.get(key) ?? new Set()).add(partition));
    const spread = [...places].filter(([, partitions]) => partitions.size > 1);
    expect(spread).toEqual([['coin-0', new Set([0, 1, 2, 3])]]);
  });
});

async function compareWithBatch(
  file: string,
  options: readonly string[] = [],
): Promise<Readonly<Record<string, string>>> {
  const env = await processed(file, options);
  const wanted = oracleTables(recordedRecords(file));
  const latest = (topic: string) => readTopic(topic, ['--latest-per-key'], env);
  expectEqualTable(await latest('pulse.prices_hourly'), wanted.silver);
  expectEqualTable(await latest('pulse.features_hourly'), wanted.features);
  expectEqualTable(await latest('pulse.top_movers_24h'), wanted.movers);
  return env;
}

async function processed(file: string, options: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const env = { PULSE_DATA_DIR: temporaryFolder() };
  const ingest = await pulse(['ingest', '--source', 'recorded', '--file', file, ...options], env);
  expect(ingest).toMatchObject({ code: 0 });
  const process = await pulse(['process', '--until-caught-up'], env);
  expect(process).toMatchObject({ code: 0 });
  // The last word of every task is of its end.
  const tasks = await readTopic('pulse.tasks', ['--latest-per-key'], env);
  expect(tasks.length).toBeGreaterThanOrEqual(8);
  expect(tasks.filter(({ value }) => ((value as { readonly lag?: number }).lag ?? 0) !== 0)).toEqual([]);
  const { counts } = oracleTables(recordedRecords(file));
  const dead = Object.values(counts.deadLetters).reduce((sum, n) => sum + n, 0);
  const records = counts.ticks + counts.noQuote + dead;
  expect(process.stderr).toContain(
    `${records} records in = ${counts.ticks} ticks + ${counts.noQuote} without a quote + ${dead} dead letters`,
  );
  return env;
}
