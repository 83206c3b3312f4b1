import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/streams/1-ingest/simulated/random.ts';
import type { Popularity } from '../../src/streams/skew-lab/lab-spec.ts';
import { expectEqualTable } from '../support/equal-tables.ts';
import { detours } from '../support/detours.ts';
import { oracleTables } from '../support/oracle/oracle-tables.ts';
import { type PrintedRecord, pulse, readTopic, startPulse, temporaryFolder } from '../support/pulse.ts';
import { skewedMarket } from '../support/skewed-market.ts';

const KILLS = 4;
const QUOTES = 30_000;
const TABLES = ['pulse.prices_hourly', 'pulse.features_hourly', 'pulse.top_movers_24h'] as const;
const STRATEGIES = ['salted', 'naive', 'adaptive'] as const;

type Env = Readonly<Record<string, string>>;

describe.each<[string, Popularity]>([
  ['Zipf 1.0', { kind: 'zipf', exponent: 1 }],
  ['Zipf 1.5', { kind: 'zipf', exponent: 1.5 }],
  ['Zipf 2.0', { kind: 'zipf', exponent: 2 }],
  ['one coin with 90 % of all quotes', { kind: 'hot', share: 0.9 }],
])('%s', (name, skew) => {
  it(`leaves the same tables whichever way records take, switched and killed with -9 ${KILLS} times`, async () => {
    const seed = `${name} ${Date.now()}`;
    console.log(`hot keys seed ${seed}`);
    const random = seededRandom(seed);
    const records = skewedMarket({ skew, coins: 50, quotes: QUOTES, hours: 60 }, random);
    const file = join(temporaryFolder(), 'skewed.ndjson');
    writeFileSync(file, records.map(({ value }) => `${String(value)}\n`).join(''));

    const calm = { PULSE_DATA_DIR: temporaryFolder(), PULSE_HOT_KEYS: 'naive' };
    await finish(calm, file);
    const salted = { PULSE_DATA_DIR: temporaryFolder(), PULSE_PORT: '0', PULSE_COMMIT_INTERVAL_MS: '15' };
    for (let kill = 0; kill < KILLS; kill++) {
      const env = { ...salted, PULSE_HOT_KEYS: STRATEGIES[kill % STRATEGIES.length] ?? 'salted' };
      const run = startPulse(['start', '--source', 'recorded', '--file', file, '--speed', '20000'], env);
      await run.said(/the page is at/);
      await new Promise((wake) => setTimeout(wake, 500 + random() * 1_500));
      run.child.kill('SIGKILL');
      expect(await run.ended).toMatchObject({ signal: 'SIGKILL' });
    }
    await finish({ ...salted, PULSE_HOT_KEYS: 'salted' }, file, ['--workers', '2']);

    const { forwarded, unbundled } = await detours(salted);
    console.log(`${forwarded} of ${records.length} records took the detour`);
    expect(forwarded).toBeGreaterThan(QUOTES / 100);
    expect(unbundled).toBe(forwarded);
    expectEqualTable(await readTopic(TABLES[0], ['--latest-per-key'], salted), oracleTables(records).silver);
    for (const topic of TABLES) expect(await latest(salted, topic)).toEqual(await latest(calm, topic));
  });
});

async function finish(env: Env, file: string, options: readonly string[] = []): Promise<void> {
  expect(await pulse(['ingest', '--source', 'recorded', '--file', file], env)).toMatchObject({ code: 0 });
  const done = await pulse(['process', '--until-caught-up', ...options], env);
  expect(done, done.stderr).toMatchObject({ code: 0 });
  expect(done.stderr).not.toContain('DO NOT ADD UP');
}

const latest = async (env: Env, topic: string): Promise<readonly PrintedRecord['value'][]> => {
  const rows = await readTopic(topic, ['--latest-per-key'], env);
  return rows.toSorted((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1)).map(({ value }) => value);
};
