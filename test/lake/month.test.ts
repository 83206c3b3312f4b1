import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/streams/1-ingest/simulated/random.ts';
import type { OutputRecord } from '../../src/streams/log/log.ts';
import { createMemoryLog } from '../../src/streams/log/memory/memory-log.ts';
import { topicNames, topicSpecs } from '../../src/streams/topics.ts';
import { fillTable } from '../support/lake/fill-table.ts';
import { HourlyMarket } from '../support/lake/hourly-market.ts';
import { temporaryFolder } from '../support/pulse.ts';
import { type LakeRow, readCurrent, readSpans } from './support/read-delta.ts';

const HOUR_MS = 3_600_000;
const COINS = 250;
const HOURS = 30 * 24;
const BEGIN = Date.UTC(2023, 10, 1);
const PARTITIONS = 4;
const table = 'silver/prices_hourly';
const names = topicNames('');

describe('a month of 250 coins at hourly rows', () => {
  it('leaves one live file a coin and month, however often it was flushed and corrected', async () => {
    const random = seededRandom('month');
    const log = createMemoryLog();
    await log.topics.ensure(topicSpecs('', PARTITIONS));
    const market = new HourlyMarket(random, COINS, names.prices, PARTITIONS);
    const folder = temporaryFolder();
    const wanted = new Map<string, LakeRow>();
    const append = async (records: readonly OutputRecord[]): Promise<void> => {
      await log.append(records);
      for (const { key, value } of records) {
        const row = JSON.parse(String(value)) as LakeRow;
        if (row['final'] === true) wanted.set(String(key), row);
      }
    };
    let version = 0;
    for (let hour = 0; hour < HOURS; hour++) {
      await append(market.hour(BEGIN + hour * HOUR_MS));
      // Late ticks reach back, some of them to the month's first day.
      const back = Math.floor(random() * hour);
      await append(Array.from({ length: 5 }, () => market.correction(BEGIN + (hour - back) * HOUR_MS)));
      if (hour % 72 !== 71) continue;
      const delta = await fillTable({ log, partitions: PARTITIONS, folder, table, flushRows: 2_500 });
      version = delta.snapshot.version;
    }
    // Small flushes: one for every 2,500 rows, of 180,000.
    expect(version).toBeGreaterThan(60);

    const files = readSpans(join(folder, table));
    const places = files.map(({ coin, first }) => `${coin} ${first.slice(0, 7)}`);
    expect(places).toHaveLength(COINS);
    expect(new Set(places).size).toBe(COINS);
    for (const { first, last, rows } of files) {
      expect([first, last]).toEqual(['2023-11-01T00:00:00.000Z', '2023-11-30T23:00:00.000Z']);
      expect(rows).toBe(HOURS);
    }
    const { 'delta-rs': rows = [] } = readCurrent(join(folder, table), ['delta-rs']);
    expect(rows).toHaveLength(COINS * HOURS);
    const other = rows.find((row) => !isSame(row, wanted.get(`${String(row['coin_id'])}|${String(row['ts'])}`)));
    expect(other).toBeUndefined();
  });
});

const isSame = (row: LakeRow, wanted: LakeRow = {}): boolean =>
  Object.keys(row).length === Object.keys(wanted).length &&
  Object.entries(row).every(([name, value]) => value === wanted[name]);
