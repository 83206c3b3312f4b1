import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import { readLog } from '../../../src/streams/5-lake/delta/read-log.ts';
import { nodeDisk } from '../../../src/streams/5-lake/disk/node-disk.ts';
import { bronzeTable, featuresTable, moversTable, silverTable } from '../../../src/streams/5-lake/tables.ts';
import { disorderlyMarket } from '../../support/disorderly-market.ts';
import { expectLake, lakeTable } from '../../support/lake/expect-lake.ts';
import { printedTopics } from '../../support/lake/printed-topics.ts';
import { vacuumLake } from '../../support/lake/vacuum-lake.ts';
import { pulse, startPulse, temporaryFolder } from '../../support/pulse.ts';
import { until } from '../../support/web/web-harness.ts';

const KILLS = 30;

describe('kill -9 while the lake is written', () => {
  it(`leaves every row once, and nothing that vacuum does not take, after ${KILLS} kills at random moments`, async () => {
    const seed = String(Date.now());
    console.log(`kill seed ${seed}`);
    const random = seededRandom(seed);
    const folder = temporaryFolder();
    const env = { PULSE_DATA_DIR: folder, PULSE_LAKE_FLUSH_ROWS: '400', PULSE_LAKE_FLUSH_INTERVAL_MS: '20' };
    const file = disorderlyMarket(random);
    const takeIn = async (market: string): Promise<void> => {
      expect(await pulse(['ingest', '--source', 'recorded', '--file', market], env)).toMatchObject({ code: 0 });
      expect(await pulse(['process', '--until-caught-up'], env)).toMatchObject({ code: 0 });
    };
    await takeIn(file);

    let reached = 0;
    const moments: string[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const before = filesIn(folder).join();
      const run = startPulse(['sink'], env);
      await run.said(/writing the lake/);
      // From when it has begun to write, however slow the machine is.
      await until(() => filesIn(folder).join() !== before, 'the sink writes');
      await new Promise((wake) => setTimeout(wake, random() * 700));
      run.child.kill('SIGKILL');
      expect(await run.ended).toMatchObject({ signal: 'SIGKILL' });
      moments.push(await momentOf(folder));
      // There is always something left to do.
      await takeIn(disorderlyMarket(random, 1));
      if (kill % 10 !== 9) continue;
      const rows = (await lakeTable(folder, bronzeTable)).rows.map(placeOf);
      expect(rows).toEqual([...new Set(rows)]);
      expect(rows.length).toBeGreaterThanOrEqual(reached);
      reached = rows.length;
    }
    console.log(`${reached} Bronze rows were written across ${KILLS} kills, at the versions ${moments.join('; ')}`);
    expect(new Set(moments).size).toBe(KILLS);
    expect(await pulse(['sink', '--until-caught-up'], env)).toMatchObject({ code: 0 });

    const topics = await printedTopics(env);
    expect(topics.prices.length).toBeGreaterThan(9_000);
    await expectLake(folder, topics);
    const removed = await vacuumLake(folder);
    console.log(`${removed} files that no version names any more were vacuumed`);
    expect(removed).toBeGreaterThan(0);
    await expectLake(folder, topics);
  });
});

const placeOf = ({ partition, offset }: { partition?: unknown; offset?: unknown }): string =>
  `${String(partition)}/${String(offset)}`;

/** How far the tables had come: their versions, and the files that lie there, those of a flush that broke off among them. */
async function momentOf(folder: string): Promise<string> {
  const tables = [bronzeTable, silverTable, featuresTable(features), moversTable(moverFeatures)];
  const logs = await Promise.all(tables.map(({ name }) => readLog(nodeDisk, join(folder, name))));
  return `${logs.map((log) => log?.version ?? -1).join()} with ${filesIn(folder).length} files`;
}

const filesIn = (folder: string): readonly string[] =>
  ['bronze', 'silver', 'gold'].flatMap((part) => {
    const path = join(folder, part);
    return existsSync(path) ? readdirSync(path, { recursive: true, encoding: 'utf8' }) : [];
  });
