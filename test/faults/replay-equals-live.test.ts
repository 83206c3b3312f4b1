import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/streams/1-ingest/simulated/random.ts';
import { openEmbeddedLog } from '../../src/streams/log/embedded/embedded-log.ts';
import { disorderlyMarket } from '../support/disorderly-market.ts';
import { expectTables } from '../support/expect-tables.ts';
import { type Ended, startPulse, temporaryFolder } from '../support/pulse.ts';
import { pulseSucceeds } from '../support/pulse-succeeds.ts';
import { recordedBodies } from '../support/recorded-bodies.ts';
import { tableBytes } from '../support/table-bytes.ts';

const RESTARTS = 4;
const seed = String(Date.now());
console.log(`seed ${seed}`);
const random = seededRandom(seed);

/** Each with how many of its rows there are at least: nothing is compared with nothing. */
const feeds = [
  { name: 'the recorded market', file: () => resolve('data/sample/market-2023-12.ndjson.gz'), rows: 10_000 },
  { name: 'a shuffled and duplicated copy of it', file: () => disorderlyMarket(random), rows: 10_000 },
  { name: 'every recorded body', file: recordedBodies, rows: 2_000 },
];

describe('a replay, byte by byte', { timeout: 300_000 }, () => {
  it.each(feeds)(`has the tables of live, restarted ${RESTARTS} times, for $name`, async ({ file: make, rows }) => {
    const file = make();
    const folder = temporaryFolder();
    const env = { PULSE_DATA_DIR: folder, PULSE_COMMIT_RECORDS: '1000' };
    const succeeds = (...args: readonly string[]): Promise<Ended> => pulseSucceeds(args, env);

    await succeeds('ingest', '--source', 'recorded', '--file', file);
    for (let restart = 0; restart < RESTARTS; restart++) {
      const life = startPulse(['process'], env);
      await life.said(/processing/);
      await new Promise((wake) => setTimeout(wake, random() * 400));
      life.child.kill(restart % 2 === 0 ? 'SIGKILL' : 'SIGTERM');
      await life.ended;
    }
    await succeeds('process', '--until-caught-up');
    await succeeds('sink', '--until-caught-up');
    await expectTables(folder, [file]);

    const live = await bytesOf(folder, '');
    expect(live['prices']?.size).toBeGreaterThan(rows);
    for (const from of ['topic', 'bronze']) {
      await succeeds('replay', '--from', from, '--namespace', from, '--no-lake');
      expect(await bytesOf(join(folder, 'namespaces', from), from)).toEqual(live);
    }
  });
});

async function bytesOf(folder: string, namespace: string) {
  const log = await openEmbeddedLog({ path: join(folder, 'log'), mode: 'read' });
  try {
    return await tableBytes(log, namespace);
  } finally {
    await log.close();
  }
}
