import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { bronzeTable } from '../../../src/streams/5-lake/tables.ts';
import { disorderlyMarket } from '../../support/disorderly-market.ts';
import { expectLake, lakeTable } from '../../support/lake/expect-lake.ts';
import { printedTopics } from '../../support/lake/printed-topics.ts';
import { vacuumLake } from '../../support/lake/vacuum-lake.ts';
import { pulse, startPulse, temporaryFolder } from '../../support/pulse.ts';

const KILLS = 30;

describe('kill -9 while the lake is written', () => {
  it(`leaves every row once, and nothing that vacuum does not take, after ${KILLS} kills at random moments`, async () => {
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
      const rows = (await lakeTable(folder, bronzeTable)).rows.map(placeOf);
      expect(rows).toEqual([...new Set(rows)]);
      expect(rows.length).toBeGreaterThanOrEqual(reached);
      reached = rows.length;
    }
    console.log(`${reached} Bronze rows were written across ${KILLS} kills`);
    expect(reached).toBeGreaterThan(0);
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
