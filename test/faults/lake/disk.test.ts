import { mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { tablePosition } from '../../../src/streams/5-lake/sink/table-positions.ts';
import { bronzeTable } from '../../../src/streams/5-lake/tables.ts';
import { disorderlyMarket } from '../../support/disorderly-market.ts';
import { expectFailure } from '../../support/expect-failure.ts';
import { expectBronze, expectLake, lakeTable, type Topics } from '../../support/lake/expect-lake.ts';
import { printedTopics } from '../../support/lake/printed-topics.ts';
import { pulse, startPulse, temporaryFolder } from '../../support/pulse.ts';
import { eventually } from '../kafka/support/eventually.ts';
import { Tmpfs } from '../log/tmpfs.ts';

const SOON = { PULSE_LAKE_FLUSH_ROWS: '500', PULSE_LAKE_FLUSH_INTERVAL_MS: '200' };
const CAUGHT_UP = ['sink', '--until-caught-up'];
const WITHIN_MS = 90_000;

let disk: Tmpfs | undefined;
afterEach(() => {
  disk?.remove();
  disk = undefined;
});

/** Leaves so many kilobytes. */
function leave(kilobytes: number): void {
  const { blocks, bfree, bsize } = statfsSync(disk?.path ?? '');
  disk?.remount(`size=${Math.ceil(((blocks - bfree) * bsize) / 1024) + kilobytes}k`);
}

/** A market of a day, its quotes and tables in the topics of that data folder; and what they are. */
async function processed(env: Readonly<Record<string, string>>): Promise<Topics> {
  const file = disorderlyMarket(seededRandom('lake disk'), 1);
  expect(await pulse(['ingest', '--source', 'recorded', '--file', file], env)).toMatchObject({ code: 0 });
  expect(await pulse(['process', '--until-caught-up'], env)).toMatchObject({ code: 0 });
  return printedTopics(env);
}

/** Resolves when the tables are what the topics are. */
async function untilEqual(folder: string, topics: Topics): Promise<void> {
  let last: unknown;
  const isEqual = (): Promise<boolean> =>
    expectLake(folder, topics).then(
      () => true,
      (error: unknown) => {
        last = error;
        return false;
      },
    );
  await eventually('the tables are what the topics are', isEqual, WITHIN_MS).catch((error: unknown) => {
    throw new Error(String(error), { cause: last });
  });
}

/** Expects Bronze to hold what its positions say, whatever has been tried since. */
async function expectConsistent(folder: string, { quotes }: Topics): Promise<number> {
  const { snapshot } = await lakeTable(folder, bronzeTable);
  const end = (partition: number): number => tablePosition(snapshot, { topic: 'coingecko.markets', partition }) ?? 0;
  await expectBronze(
    folder,
    quotes.filter(({ partition, offset }) => offset < end(partition)),
  );
  return snapshot.version;
}

describe('a disk that is full under the lake', () => {
  it('makes a sink wait, its positions where its rows are; with room it goes on by itself, and nothing is lost or doubled', async () => {
    disk = new Tmpfs('200m');
    const folder = disk.path;
    const env = { PULSE_DATA_DIR: folder, ...SOON };
    const topics = await processed(env);
    leave(100);
    expectFailure(await pulse(CAUGHT_UP, env), 1, /^pulse: the disk that holds \S+ is full: free some space\n$/);
    const sink = startPulse(['sink'], env);
    for (const table of ['bronze/markets_snapshot', 'silver/prices_hourly', 'gold/features_hourly'])
      await sink.said(
        new RegExp(`the table ${table} waits: the disk that holds \\S+/${table}\\S* is full: free some space\\n`),
      );
    const version = await expectConsistent(folder, topics);
    // A few tries later: what one table could not write alone leaves room for another one's commit.
    await new Promise((wake) => setTimeout(wake, 2_000));
    expect(await expectConsistent(folder, topics)).toBeGreaterThanOrEqual(version);
    expect(sink.child.exitCode).toBe(null);
    disk.remount('size=200m');
    await sink.said(/the table bronze\/markets_snapshot is written again/);
    await untilEqual(folder, topics);
    sink.child.kill('SIGTERM');
    expect(await sink.ended).toMatchObject({ code: 0 });
    const { code, stderr } = await pulse(CAUGHT_UP, env);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^(\S+: nothing new, version \d+\n){4}$/)]);
    await expectLake(folder, topics);
  });

  it('leaves a start at work: quotes, tables and page go on, and so does the lake when there is room', async () => {
    const folder = temporaryFolder();
    const bronze = join(folder, 'bronze');
    mkdirSync(bronze);
    disk = new Tmpfs('64k', bronze);
    const env = { PULSE_DATA_DIR: folder, PULSE_PORT: '0', ...SOON };
    const file = disorderlyMarket(seededRandom('start disk'), 1);
    const start = startPulse(['start', '--source', 'recorded', '--file', file, '--speed', '20000'], env);
    const url = /http\S+/.exec(await start.said(/the page is at \S+/))?.[0] ?? '';
    await start.said(/the table bronze\/markets_snapshot waits: the disk that holds \S+ is full: free some space\n/);
    await start.said(/the source has ended/);
    expect(start.child.exitCode).toBe(null);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    await eventually('the page has every coin', async () => {
      const coins = await (await fetch(`${url}/api/coins`)).json();
      return JSON.stringify(coins).includes('"bitcoin"');
    });
    disk.remount('size=50m');
    await start.said(/the table bronze\/markets_snapshot is written again/);
    start.child.kill('SIGTERM');
    expect(await start.ended).toMatchObject({ code: 0 });
    expect(await pulse(['process', '--until-caught-up'], env)).toMatchObject({ code: 0 });
    expect(await pulse(CAUGHT_UP, env)).toMatchObject({ code: 0 });
    await expectLake(folder, await printedTopics(env));
  });
});

describe('a folder of the lake that can only be read', () => {
  it('makes its table wait, and no other; when it can be written, the table goes on by itself', async () => {
    const folder = temporaryFolder();
    const silver = join(folder, 'silver');
    mkdirSync(silver);
    disk = new Tmpfs('50m', silver);
    const env = { PULSE_DATA_DIR: folder, ...SOON };
    const topics = await processed(env);
    disk.remount('ro');
    const why = `${silver}\\S* can't be used: read-only file system; check the disk and its permissions\\n`;
    expectFailure(await pulse(CAUGHT_UP, env), 1, new RegExp(`^pulse: ${why}$`));
    const sink = startPulse(['sink'], env);
    await sink.said(new RegExp(`the table silver/prices_hourly waits: ${why}`));
    const isComplete = async (): Promise<boolean> =>
      expectBronze(folder, topics.quotes).then(
        () => true,
        () => false,
      );
    await eventually('Bronze is complete', isComplete, WITHIN_MS);
    disk.remount('rw');
    await sink.said(/the table silver\/prices_hourly is written again/);
    await untilEqual(folder, topics);
    sink.child.kill('SIGTERM');
    expect(await sink.ended).toMatchObject({ code: 0 });
  });
});
