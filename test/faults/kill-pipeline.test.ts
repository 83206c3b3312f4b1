import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/streams/1-ingest/simulated/random.ts';
import { disorderlyMarket } from '../support/disorderly-market.ts';
import { oracleTables } from '../support/oracle/oracle-tables.ts';
import { recordedRecords } from '../support/oracle/recorded-records.ts';
import { expectEqualTable } from '../support/equal-tables.ts';
import { type PrintedRecord, pulse, readTopic, startPulse, temporaryFolder } from '../support/pulse.ts';

const KILLS = 50;
const TABLES = ['pulse.prices_hourly', 'pulse.features_hourly', 'pulse.top_movers_24h'] as const;

type Env = Readonly<Record<string, string>>;

describe('kill -9 while it ingests and processes', () => {
  it(`leaves the tables of an undisturbed run, after ${KILLS} kills at random moments`, async () => {
    const seed = String(Date.now());
    console.log(`kill seed ${seed}`);
    const random = seededRandom(seed);
    const file = disorderlyMarket(random);

    const calm = { PULSE_DATA_DIR: temporaryFolder() };
    await finish(calm, file);
    const killed = { PULSE_DATA_DIR: temporaryFolder(), PULSE_PORT: '0', PULSE_COMMIT_INTERVAL_MS: '15' };
    let reached = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const run = startPulse(['start', '--source', 'recorded', '--file', file, '--speed', '150000'], killed);
      // Some die while they start and recover, most at work.
      if (random() < 0.9) await run.said(/the page is at/);
      await new Promise((wake) => setTimeout(wake, random() * 700));
      run.child.kill('SIGKILL');
      expect(await run.ended).toMatchObject({ signal: 'SIGKILL' });
      if (kill % 5 !== 4) continue;
      const committed = await committedRecords(killed);
      expect(committed).toBeGreaterThanOrEqual(reached);
      reached = committed;
    }
    console.log(`${reached} records were processed across ${KILLS} kills`);
    expect(reached).toBeGreaterThan(0);
    await finish(killed, file);

    const wanted = oracleTables(recordedRecords(file));
    expectEqualTable(await readTopic('pulse.prices_hourly', ['--latest-per-key'], killed), wanted.silver);
    for (const topic of TABLES) expect(await latest(killed, topic)).toEqual(await latest(calm, topic));
  });
});

async function finish(env: Env, file: string): Promise<void> {
  expect(await pulse(['ingest', '--source', 'recorded', '--file', file], env)).toMatchObject({ code: 0 });
  expect(await pulse(['process', '--until-caught-up'], env)).toMatchObject({ code: 0 });
}

async function committedRecords(env: Env): Promise<number> {
  const positions = await readTopic('pulse.positions', ['--latest-per-key'], env).catch(() => []);
  return positions
    .filter(({ key }) => key?.startsWith('combine|'))
    .reduce((sum, { value }) => sum + ((value as { carried: { records?: number } }).carried.records ?? 0), 0);
}

const latest = async (env: Env, topic: string): Promise<readonly PrintedRecord['value'][]> => {
  const rows = await readTopic(topic, ['--latest-per-key'], env);
  return rows.toSorted((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1)).map(({ value }) => value);
};
