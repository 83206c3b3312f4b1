import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { silverTable } from '../../../src/streams/5-lake/tables.ts';
import { expectFailure } from '../../support/expect-failure.ts';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { disorderlyMarket } from '../../support/disorderly-market.ts';
import { expectLake, lakeTable } from '../../support/lake/expect-lake.ts';
import { printedTopics } from '../../support/lake/printed-topics.ts';
import { pulse, startPulse, temporaryFolder } from '../../support/pulse.ts';

const ADVICE = /: move the folder silver\/prices_hourly of the data folder away, and it is written anew/;

it('a table that lacks a file holds up no other: it waits, says what to do, and is written anew once that is done', async () => {
  const folder = temporaryFolder();
  const env = { PULSE_DATA_DIR: folder, PULSE_LAKE_FLUSH_INTERVAL_MS: '200', PULSE_PORT: '0' };
  const file = disorderlyMarket(seededRandom('damaged'), 2);
  const take = async (from: string): Promise<void> => {
    expect(await pulse(['ingest', '--source', 'recorded', '--file', from], env)).toMatchObject({ code: 0 });
    expect(await pulse(['process', '--until-caught-up'], env)).toMatchObject({ code: 0 });
  };
  await take(disorderlyMarket(seededRandom('damaged'), 1));
  expect(await pulse(['sink', '--until-caught-up'], env)).toMatchObject({ code: 0 });
  const [path = ''] = (await lakeTable(folder, silverTable)).snapshot.files.keys();
  rmSync(join(folder, 'silver/prices_hourly', path));
  await take(file);
  expect((await pulse(['doctor'], env)).stdout).toMatch(/^✗ silver\/prices_hourly\/coin_id=\S+ is not there/m);
  expectFailure(await pulse(['sink', '--until-caught-up'], env), 1, ADVICE);

  const start = startPulse(['start', '--source', 'recorded', '--file', file, '--speed', '20000'], env);
  const url = /the page is at (\S+)/.exec(await start.said(/the page is at \S+/))?.[1] ?? '';
  await start.said(/the table silver\/prices_hourly waits: /);
  expect((await fetch(new URL('/healthz', url))).status).toBe(200);
  renameSync(join(folder, 'silver/prices_hourly'), join(folder, 'aside'));
  await start.said(/the table silver\/prices_hourly is written again/);
  start.child.kill('SIGTERM');
  expect(await start.ended).toMatchObject({ code: 0 });
  expect(await pulse(['process', '--until-caught-up'], env)).toMatchObject({ code: 0 });
  expect(await pulse(['sink', '--until-caught-up'], env)).toMatchObject({ code: 0 });
  await expectLake(folder, await printedTopics(env));
});
