import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/streams/1-ingest/simulated/random.ts';
import { parseHourKey } from '../../src/streams/3-silver/hour-json.ts';
import { topicNames } from '../../src/streams/topics.ts';
import { disorderlyMarket } from '../support/disorderly-market.ts';
import { expectTables } from '../support/expect-tables.ts';
import { recordedRecords } from '../support/oracle/recorded-records.ts';
import { type Ended, pulse, startPulse, temporaryFolder } from '../support/pulse.ts';
import { pulseSucceeds } from '../support/pulse-succeeds.ts';
import { withLog } from '../support/with-log.ts';

const KILLS = 20;
/** So many of them find the replay between the first record that it added and its last. */
const AT_WORK = 15;
/** A partition is committed in batches of thousands: with fewer quotes there would be no more than a handful of moments to die at. */
const COPIES = 5;
/** A promotion is short: each life of it begins with the same damage. */
const LIVES = 3;
/** What it says where it is killed: live comes to its end, the replay to the same, it is asked for, and some partitions are done. */
const STEPS = [/first processes/, /"kind":"progress"/, /"done":0,/, /"done":0,/, /"done":[123],/];
const DAYS = 14;
const { prices } = topicNames('');

/** Many small commits, so that a kill finds something half done. */
const envOf = (folder: string) => ({
  PULSE_DATA_DIR: folder,
  PULSE_COMMIT_RECORDS: '400',
  PULSE_COMMIT_INTERVAL_MS: '15',
});

const succeeds = (args: readonly string[], folder: string): Promise<Ended> => pulseSucceeds(args, envOf(folder));

interface Status {
  readonly replay: { readonly records: number; readonly total: number };
  readonly promotion: { readonly done: number; readonly partitions: number } | null;
}

const statusOf = async (folder: string): Promise<Status> =>
  JSON.parse((await succeeds(['replay', '--status', '--json'], folder)).stdout) as Status;

/** Runs the command and kills it so many milliseconds after it has said that; false where it came to its end before. */
async function dies(args: readonly string[], folder: string, saying: RegExp, ms: number): Promise<boolean> {
  const run = startPulse(args, envOf(folder));
  const ended = await Promise.race([run.ended, run.said(saying)]);
  if (typeof ended !== 'string') return false;
  await new Promise((wake) => setTimeout(wake, ms));
  run.child.kill('SIGKILL');
  return (await run.ended).signal === 'SIGKILL';
}

/** Runs the replay and kills it a little after it has told of so many records; false where it came to its end before. */
async function diesAt(args: readonly string[], folder: string, records: number, ms: number): Promise<boolean> {
  const run = startPulse([...args, '--json'], envOf(folder));
  let told = '';
  const reached = new Promise<void>((resolve) => {
    run.child.stdout?.on('data', (text: string) => {
      told += text;
      const last = [...told.matchAll(/"records":(\d+),/g)].at(-1)?.[1];
      if (Number(last ?? 0) >= records) resolve();
    });
  });
  await Promise.race([run.ended, reached.then(() => new Promise((wake) => setTimeout(wake, ms)))]);
  run.child.kill('SIGKILL');
  return (await run.ended).signal === 'SIGKILL';
}

describe('kill -9 of a replay', () => {
  it(`goes on each time, and ends with the live tables, after ${KILLS} kills`, async () => {
    const { folder, files, random } = await market(COPIES);
    const replay = ['replay', '--from', 'bronze', '--no-lake'];
    const all = files.flatMap((file) => recordedRecords(file)).length;
    let [deaths, atWork, before, again] = [0, 0, 0, false];
    while (deaths < KILLS) {
      const target = before + 1 + random() * 0.4 * (all - before);
      // One that has come to its end begins anew.
      if (!(await diesAt(again ? [...replay, '--again'] : replay, folder, target, random() * 60))) {
        [again, before] = [true, 0];
        continue;
      }
      [deaths, again] = [deaths + 1, false];
      const { records, total } = (await statusOf(folder)).replay;
      expect(total).toBe(all);
      expect(records).toBeGreaterThanOrEqual(before);
      if (records > before && records < total) atWork += 1;
      before = records;
    }
    console.log(`it died ${deaths} times, ${atWork} times between the first record that it had added and the last one`);
    expect(atWork).toBeGreaterThanOrEqual(AT_WORK);
    const { stdout } = await succeeds(['replay', '--from', 'bronze', '--diff'], folder);
    expect(stdout).toContain('the tables are equal');
    await expectTables(join(folder, 'namespaces', 'replay'), files, 'replay');
  });
});

describe('kill -9 of a promotion', () => {
  it('leaves the rebuilt tables, by whatever runs the stages next', async () => {
    const { folder, files, random } = await market();
    await succeeds(['replay', '--no-lake'], folder);
    await spoil(folder, random);
    expect(await pulse(['diff', '.', 'replay'], envOf(folder))).toMatchObject({ code: 1 });
    const damaged = temporaryFolder();
    let [deaths, atIt] = [0, 0];
    for (let life = 0; life < LIVES; life++) {
      rmSync(damaged, { recursive: true });
      cpSync(folder, damaged, { recursive: true });
      for (const step of STEPS) {
        deaths += Number(await dies(['replay', 'promote', 'replay', '--json'], damaged, step, random() * 40));
        const { promotion } = await statusOf(damaged);
        if (promotion !== null && promotion.done < promotion.partitions) atIt += 1;
      }
      // Where it had been asked for, the stages finish it; where not, the command is run again.
      await succeeds(['process', '--until-caught-up'], damaged);
      await succeeds(['replay', 'promote', 'replay'], damaged);
      await expectTables(damaged, files);
      expect((await succeeds(['diff', '.', 'replay'], damaged)).stdout).toContain('the tables are equal');
    }
    console.log(`it died ${deaths} times, ${atIt} times with partitions still to be done`);
    expect(deaths).toBeGreaterThanOrEqual(2 * LIVES);
    expect(atIt).toBeGreaterThanOrEqual(LIVES);
  });
});

/** A market that is not in order, or several of them, in a data folder where everything is processed, with its lake. */
async function market(copies = 1) {
  const seed = String(Date.now());
  console.log(`kill seed ${seed}`);
  const random = seededRandom(seed);
  const files = Array.from({ length: copies }, () => disorderlyMarket(random, DAYS));
  const folder = temporaryFolder();
  for (const file of files) await succeeds(['ingest', '--source', 'recorded', '--file', file], folder);
  await succeeds(['process', '--until-caught-up'], folder);
  await succeeds(['sink', '--until-caught-up'], folder);
  return { folder, files, random };
}

/** A third of the rows say something else, and as many are of coins that there are none of; state is made of them. */
async function spoil(folder: string, random: () => number): Promise<void> {
  await withLog(folder, async (log) => {
    for (let partition = 0; partition < 4; partition++) {
      const at = { topic: prices, partition };
      const { start, end } = await log.bounds(at);
      const latest = new Map<string, Record<string, unknown>>();
      for await (const { records } of log.read(at, start, end))
        for (const { key, value } of records)
          latest.set(String(key), JSON.parse(String(value)) as Record<string, unknown>);
      await log.append(
        [...latest].flatMap(([key, row]) => {
          if (random() > 1 / 3) return [];
          const { coinId } = parseHourKey(Buffer.from(key));
          const ghost = { ...row, coin_id: `ghost ${coinId}` };
          return [
            { ...at, key, value: JSON.stringify({ ...row, price: row.low }) },
            { ...at, key: `ghost ${key}`, value: JSON.stringify(ghost) },
          ];
        }),
      );
    }
  });
  rmSync(join(folder, 'state'), { recursive: true });
}
