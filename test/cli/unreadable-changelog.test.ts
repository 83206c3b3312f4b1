import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openLmdbState } from '../../src/state/lmdb/lmdb-environment.ts';
import { HOUR_STATE_VERSION } from '../../src/streams/3-silver/hour-state.ts';
import { HOUR_MS } from '../../src/streams/time.ts';
import { topicNames } from '../../src/streams/topics.ts';
import { expectTables } from '../support/expect-tables.ts';
import { expectFailure } from '../support/expect-failure.ts';
import { laterTicks } from '../support/later-ticks.ts';
import { FEW_HOURS, processedFolder } from '../support/processed-folder.ts';
import { type Ended, pulse, readTopic } from '../support/pulse.ts';
import { pulseSucceeds } from '../support/pulse-succeeds.ts';
import { withLog } from '../support/with-log.ts';

const PARTITIONS = 4;
const { markets, prices } = topicNames('');
const CAUGHT_UP = ['process', '--until-caught-up'];

let folder: string;
const run = (...args: readonly string[]): Promise<Ended> => pulse(args, { PULSE_DATA_DIR: folder });
const succeeds = (...args: readonly string[]): Promise<Ended> => pulseSucceeds(args, { PULSE_DATA_DIR: folder });
const dropState = (): void => rmSync(join(folder, 'state'), { recursive: true });

/** Nothing complains any more of a changelog that is all that there is. */
async function expectWhole(...files: readonly string[]): Promise<void> {
  dropState();
  const { stderr } = await succeeds(...CAUGHT_UP);
  expect(stderr).toMatch(/^\d+ records in = .*\n$/);
  await expectTables(folder, files);
}

beforeEach(async () => {
  folder = await processedFolder();
});

describe('a changelog that can’t be read', () => {
  it('halts what would process on top of it, which says what to do, and does without it where state has it all', async () => {
    const [{ key, offset, partition }] = await spoil();
    const said = `pulse.prices_hourly[${partition}] can't be read in 2 rows: ${JSON.stringify(key)} at offset ${offset} (`;
    for (const command of [CAUGHT_UP, [...CAUGHT_UP, '--workers', '2']]) {
      const halted = await run(...command);
      expectFailure(halted, 1, /\. pulse process --rebuild computes them anew from the quotes$/m);
      expect(halted.stderr).toContain(said);
    }
    const at = `the row at pulse\\.prices_hourly\\[${partition}\\] offset ${offset} can't be read: the value is not JSON`;
    expectFailure(await run('diff', '.', '.'), 1, new RegExp(at));
    await stateTakesAll();
    const later = laterTicks();
    await succeeds('ingest', '--source', 'recorded', '--file', later);
    await succeeds(...CAUGHT_UP);
    // Where a row is written anew, the one that can't be read is none any more; the other ones are.
    await succeeds(...CAUGHT_UP, '--rebuild');
    await expectWhole(FEW_HOURS, later);
  });

  it('is computed anew by pulse process --rebuild, from all quotes, those too that are not processed yet', async () => {
    const spoilt = await spoil();
    const later = laterTicks();
    await succeeds('ingest', '--source', 'recorded', '--file', later);
    const { stderr } = await succeeds(...CAUGHT_UP, '--rebuild', '--workers', '2');
    for (const { key, offset, partition } of spoilt)
      expect(stderr).toContain(
        `can't be read: pulse.prices_hourly[${partition}] ${JSON.stringify(key)} at offset ${offset} (`,
      );
    await expectTables(folder, [FEW_HOURS, later]);
    const stray = await readTopic(prices, ['--latest-per-key'], { PULSE_DATA_DIR: folder });
    expect(stray.filter(({ key, value }) => key === STRAY && value !== null)).toEqual([]);
    await expectWhole(FEW_HOURS, later);
    expect(await run('diff', '.', 'rebuild')).toMatchObject({ code: 1 });
    // What could not be read still lies in the topic; the lake goes by what stands in for it.
    const lake = await succeeds('sink', '--until-caught-up');
    expect(lake.stderr).toMatch(/^silver\/prices_hourly: \d+ rows written, version 1$/m);
  });

  it('is made whole by --rebuild where state was intact all the while', async () => {
    await spoil();
    await stateTakesAll();
    await succeeds(...CAUGHT_UP, '--rebuild');
    await expectWhole(FEW_HOURS);
  });

  it('is computed anew by pulse replay promote, and nothing is processed before', async () => {
    await spoil();
    const later = laterTicks();
    await succeeds('ingest', '--source', 'recorded', '--file', later);
    await succeeds('replay', '--no-lake');
    const { stderr } = await succeeds('replay', 'promote', 'replay');
    expect(stderr).toMatch(/2 rows of pulse.prices_hourly\[\d\] can't be read: what is rebuilt takes their place/);
    await expectTables(folder, [FEW_HOURS, later]);
    await succeeds('diff', '.', 'replay');
    await expectWhole(FEW_HOURS, later);
  });

  it('loses nothing where quotes are kept nowhere any more: it says which rows it is about, and stops', async () => {
    const spoilt = await spoil();
    await shed();
    const state = await run(...CAUGHT_UP, '--rebuild');
    expect(state).toMatchObject({ code: 1 });
    for (const { key } of spoilt) expect(state.stderr).toContain(`${JSON.stringify(key)} at offset`);
    expect(state.stderr).toMatch(
      /2 rows of the changelog can't be read, as said above, nor computed anew: .*begins at offset/,
    );
    expect(state.stderr).toMatch(/Nothing was changed\. .* add --drop-unreadable/);
    expectFailure(await run(...CAUGHT_UP), 1, /can't be read in 2 rows/);
    expectFailure(await run(...CAUGHT_UP, '--drop-unreadable'), 2, /--drop-unreadable goes with --rebuild/);
  });

  it('goes on without those rows where it is told to, features and all', async () => {
    const [first] = await spoil();
    await shed();
    const { stderr } = await succeeds(...CAUGHT_UP, '--rebuild', '--drop-unreadable');
    expect(stderr).toMatch(
      /2 rows of pulse.prices_hourly\[\d\] that could not be read are removed: partition \d was computed anew/,
    );
    const env = { PULSE_DATA_DIR: folder };
    const [silver, gold] = [
      await readTopic(prices, ['--latest-per-key'], env),
      await readTopic(topicNames('').features, ['--latest-per-key'], env),
    ];
    const rows = (topic: typeof silver) => topic.filter(({ value }) => value !== null).map(({ key }) => key);
    expect(rows(silver)).toHaveLength(239);
    expect(rows(gold).sort()).toEqual(rows(silver).sort());
    expect(rows(silver)).not.toContain(first.key);
    const [coin, ts] = first.key.split('|') as [string, string];
    const next = `${coin}|${new Date(Date.parse(ts) + HOUR_MS).toISOString()}`;
    expect(gold.find(({ key }) => key === next)?.value).toMatchObject({ ret_1h: null });
    dropState();
    await succeeds(...CAUGHT_UP);
    expect(rows(await readTopic(prices, ['--latest-per-key'], env))).toHaveLength(239);
  });

  it('is written anew from state, where that has the rows, though quotes are kept nowhere any more', async () => {
    await spoil();
    await stateTakesAll();
    await shed();
    await succeeds(...CAUGHT_UP, '--rebuild', '--drop-unreadable');
    await expectWhole(FEW_HOURS);
  });
});

const STRAY = 'no row’s';

interface Spoilt {
  readonly key: string;
  readonly partition: number;
  readonly offset: number;
}

/** Two rows that can't be read, in the partition that has the first row: of an hour, and of a key that no row has. */
async function spoil(): Promise<readonly [Spoilt, Spoilt]> {
  let spoilt: readonly [Spoilt, Spoilt] | undefined;
  await withLog(folder, async (log) => {
    for (let partition = 0; partition < PARTITIONS && spoilt === undefined; partition++) {
      const at = { topic: prices, partition };
      const { end } = await log.bounds(at);
      for await (const { records } of log.read(at, 0, end)) {
        const key = records[0]?.key?.toString();
        if (key === undefined || spoilt !== undefined) break;
        await log.append([
          { ...at, key, value: '{"coin_id":"?' },
          { ...at, key: STRAY, value: Buffer.alloc(300) },
        ]);
        spoilt = [
          { key, partition, offset: end },
          { key: STRAY, partition, offset: end + 1 },
        ];
      }
    }
  });
  if (spoilt === undefined) throw new Error('there are no rows');
  return spoilt;
}

/** As if the rows had been appended while the stages were at work: what state has applied lies beyond them. */
async function stateTakesAll(): Promise<void> {
  await withLog(folder, async (log) => {
    const state = await openLmdbState({
      path: join(folder, 'state'),
      identity: {
        ...{ log: log.identity, namespace: '', version: HOUR_STATE_VERSION },
        changelog: await log.topics.id(prices),
      },
      onDiscard: (why) => expect.fail(why),
    });
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const { end } = await log.bounds({ topic: prices, partition });
      await state.transaction(() => state.putMeta(partition, { applied: end }));
    }
    await state.close();
  });
}

/** The topic sheds half of its quotes, and there is no Bronze. */
async function shed(): Promise<void> {
  await withLog(folder, async (log) => {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const at = { topic: markets, partition };
      await log.purge(at, Math.floor((await log.bounds(at)).end / 2));
    }
  });
}
