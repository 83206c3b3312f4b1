import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import type { DeltaTableOptions } from '../../../src/streams/5-lake/delta/delta-table.ts';
import { LakeDisk } from '../../../src/streams/5-lake/disk/lake-disk.ts';
import { nodeDisk } from '../../../src/streams/5-lake/disk/node-disk.ts';
import type { LakeTable } from '../../../src/streams/5-lake/lake-table.ts';
import type { Row } from '../../../src/streams/5-lake/parquet/column.ts';
import { bronzeTable, featuresTable, silverTable } from '../../../src/streams/5-lake/tables.ts';
import { features } from '../../../src/streams/4-gold/features.ts';
import { disorderlyMarket } from '../../support/disorderly-market.ts';
import { tableAt } from '../../support/lake/table-at.ts';
import { type PrintedRecord, pulse, readTopic, startPulse, temporaryFolder } from '../../support/pulse.ts';

const KILLS = 30;

describe('kill -9 while the lake is written', () => {
  it(`leaves every row once, after ${KILLS} kills at random moments`, async () => {
    const seed = String(Date.now());
    console.log(`kill seed ${seed}`);
    const random = seededRandom(seed);
    const folder = temporaryFolder();
    const env = { PULSE_DATA_DIR: folder, PULSE_LAKE_FLUSH_ROWS: '400', PULSE_LAKE_FLUSH_INTERVAL_MS: '20' };
    const file = disorderlyMarket(random);
    expect(await pulse(['ingest', '--source', 'recorded', '--file', file], env)).toMatchObject({ code: 0 });
    expect(await pulse(['process', '--until-caught-up'], env)).toMatchObject({ code: 0 });

    let reached = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const run = startPulse(['sink'], env);
      await run.said(/writing the lake/);
      await new Promise((wake) => setTimeout(wake, random() * 2_500));
      run.child.kill('SIGKILL');
      expect(await run.ended).toMatchObject({ signal: 'SIGKILL' });
      if (kill % 10 !== 9) continue;
      const rows = (await rowsOf(folder, bronzeTable)).map(placeOf);
      expect(rows).toEqual([...new Set(rows)]);
      expect(rows.length).toBeGreaterThanOrEqual(reached);
      reached = rows.length;
    }
    console.log(`${reached} Bronze rows were written across ${KILLS} kills`);
    expect(reached).toBeGreaterThan(0);
    expect(await pulse(['sink', '--until-caught-up'], env)).toMatchObject({ code: 0 });

    const quotes = await readTopic('coingecko.markets', [], env);
    expect((await rowsOf(folder, bronzeTable)).map(placeOf).sort()).toEqual(quotes.map(placeOf).sort());
    await compare(folder, silverTable, await readTopic('pulse.prices_hourly', ['--latest-per-key'], env));
    await compare(folder, featuresTable(features), await readTopic('pulse.features_hourly', ['--latest-per-key'], env));
  });
});

const placeOf = ({ partition, offset }: { partition?: unknown; offset?: unknown }): string =>
  `${String(partition)}/${String(offset)}`;

async function rowsOf(folder: string, table: LakeTable): Promise<readonly Row[]> {
  const disk = new LakeDisk(nodeDisk, folder, randomUUID);
  const options: DeltaTableOptions = { disk, folder: join(folder, table.name), now: Date.now, retentionMs: 3_600_000 };
  return (await tableAt(options, table)).rows;
}

/** Expects the table to hold the topic's final rows, each once; times are milliseconds in the one, text in the other. */
async function compare(folder: string, table: LakeTable, records: readonly PrintedRecord[]): Promise<void> {
  const times = table.columns.filter(({ type }) => type === 'timestamp').map(({ name }) => name);
  const wanted = records.map(({ value }) => value as Record<string, unknown>).filter(({ final }) => final === true);
  expect(wanted.length).toBeGreaterThan(9_000);
  for (const row of wanted) for (const name of times) row[name] = Date.parse(String(row[name]));
  const byKey = (rows: readonly object[]) =>
    rows.map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();
  expect(byKey(await rowsOf(folder, table))).toEqual(byKey(wanted));
}
