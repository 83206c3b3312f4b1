import { renameSync } from 'node:fs';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/streams/1-ingest/simulated/random.ts';
import { bronzeTable } from '../../src/streams/5-lake/tables.ts';
import { disorderlyMarket } from '../support/disorderly-market.ts';
import { expectBronze, expectLake, lakeTable } from '../support/lake/expect-lake.ts';
import { expectFailure } from '../support/expect-failure.ts';
import { kcatTopics } from '../support/lake/kcat-topics.ts';
import { printedTopics } from '../support/lake/printed-topics.ts';
import { pulse, type RunningPulse, startPulse, temporaryFolder } from '../support/pulse.ts';
import { until } from '../support/web/web-harness.ts';
import { type Brokers, startBrokers } from '../kafka/support/brokers.ts';
import { type Registry, startRegistry } from '../kafka/support/registry.ts';

const { Kafka, logLevel } = kafkajs;

type Env = Readonly<Record<string, string>>;

let cluster: Brokers;
beforeAll(async () => {
  cluster = await startBrokers({ nodes: 1 });
});
afterAll(() => cluster.stop());

const CAUGHT_UP = ['sink', '--until-caught-up'];

const onCluster = (name: string) => {
  const namespace = `${name}-${process.pid}`;
  const data = temporaryFolder();
  const env = {
    ...{ KAFKA_BROKERS: cluster.brokers.join(), PULSE_NAMESPACE: namespace, PULSE_DATA_DIR: data },
    ...{ PULSE_PORT: '0', PULSE_LAKE_FLUSH_ROWS: '300', PULSE_LAKE_FLUSH_INTERVAL_MS: '50' },
  };
  return { env, namespace, lake: join(data, 'namespaces', namespace) };
};

const ingest = (file: string, ...more: readonly string[]): readonly string[] => [
  ...['ingest', '--source', 'recorded', '--file', file],
  ...more,
];

async function done(args: readonly string[], env: Env): Promise<string> {
  const ended = await pulse(args, env);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return ended.stderr;
}

async function stopped(runs: readonly RunningPulse[]): Promise<void> {
  for (const { child } of runs) child.kill('SIGTERM');
  for (const { ended } of runs) expect(await ended, (await ended).stderr).toMatchObject({ code: 0 });
}

async function begun(args: readonly string[], says: RegExp, env: Env): Promise<RunningPulse> {
  const run = startPulse(args, env);
  await run.said(says);
  return run;
}

/** None where there is no table yet. */
const bronzeRows = (lake: string): Promise<number> =>
  lakeTable(lake, bronzeTable).then(
    ({ rows }) => rows.length,
    () => 0,
  );
const pause = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms));

describe('the lake of a cluster', () => {
  it('is what the topics are to a consumer that is not ours, after kill -9 of its sink', async () => {
    const seed = String(Date.now());
    console.log(`lake seed ${seed}`);
    const random = seededRandom(seed);
    const { env, namespace, lake } = onCluster('lake');
    const file = disorderlyMarket(random, 1);
    await done(['topics', 'create'], env);
    const stages = await begun(['process'], /processing; /, env);
    const source = startPulse(ingest(file, '--speed', '8000'), env);
    for (let kill = 0; kill < 5; kill++) {
      const sink = await begun(['sink'], /writing the lake/, env);
      await pause(200 + random() * 2_500);
      // However slow the machine is, one of them has written.
      if (kill === 4) await until(async () => (await bronzeRows(lake)) > 0, 'Bronze has rows');
      sink.child.kill('SIGKILL');
      expect(await sink.ended).toMatchObject({ signal: 'SIGKILL' });
    }
    expect(await source.ended).toMatchObject({ code: 0 });
    await done(['process', '--until-caught-up'], env);
    await stopped([stages]);
    await done(CAUGHT_UP, env);
    await expectLake(lake, await kcatTopics(cluster.brokers, namespace));
  });

  it('has each row once where two sinks write to the same tables at once', async () => {
    const { env, namespace, lake } = onCluster('lake-race');
    const file = disorderlyMarket(seededRandom('lake race'), 1);
    await done(['topics', 'create'], env);
    const stages = await begun(['process'], /processing; /, env);
    const sinks = await Promise.all([1, 2].map(() => begun(['sink'], /writing the lake/, env)));
    await done(ingest(file, '--speed', '8000'), env);
    await done(['process', '--until-caught-up'], env);
    await stopped([stages, ...sinks]);
    const said = (await Promise.all(sinks.map(({ ended }) => ended))).map(({ stderr }) => stderr);
    expect(said.join('')).toMatch(/another program has written to the table (bronze|silver|gold)\//);
    await done(CAUGHT_UP, env);
    await expectLake(lake, await kcatTopics(cluster.brokers, namespace));
  });

  it('does not go on with a topic that was deleted and made anew, and longer: that table waits until it is moved away', async () => {
    const { env, namespace, lake } = onCluster('lake-anew');
    const file = disorderlyMarket(seededRandom('lake anew'), 1);
    await done(ingest(file), env);
    await done(CAUGHT_UP, env);
    const { rows: before } = await lakeTable(lake, bronzeTable);
    const admin = new Kafka({ brokers: [...cluster.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [`${namespace}.coingecko.markets`] });
    await admin.disconnect();
    await done(['topics', 'create'], env);
    for (let time = 0; time < 2; time++) await done(ingest(file, '--again'), env);

    const madeAnew =
      /bronze\/markets_snapshot holds rows of a topic that was removed, and made anew since: move the folder/;
    expectFailure(await pulse(CAUGHT_UP, env), 1, madeAnew);
    const sink = await begun(['sink'], new RegExp(`waits: .*${madeAnew.source}`), env);
    expect((await lakeTable(lake, bronzeTable)).rows).toEqual(before);
    renameSync(join(lake, 'bronze/markets_snapshot'), join(lake, 'aside'));
    await sink.said(/the table bronze\/markets_snapshot is written again/);
    await stopped([sink]);
    await expectBronze(lake, (await kcatTopics(cluster.brokers, namespace)).quotes);
  });

  it('is written by a start, which is killed and started again', async () => {
    const { env, namespace, lake } = onCluster('lake-start');
    const file = disorderlyMarket(seededRandom('lake start'), 1);
    const start = ['start', '--source', 'recorded', '--file', file, '--speed', '8000'];
    const first = await begun(start, /the page is at/, env);
    await pause(4_000);
    first.child.kill('SIGKILL');
    await first.ended;
    const second = await begun(start, /the page is at/, env);
    await second.said(/the source has ended/);
    await stopped([second]);
    expect((await lakeTable(lake, bronzeTable)).rows.length).toBeGreaterThan(0);
    await done(['process', '--until-caught-up'], env);
    await done(CAUGHT_UP, env);
    await expectLake(lake, await kcatTopics(cluster.brokers, namespace));
  });
});

describe('the lake of a cluster with a schema registry', { timeout: 300_000 }, () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await startRegistry();
  });
  afterAll(() => registry.stop());

  it('is what the topics are', async () => {
    const { env: plain, lake } = onCluster('lake-avro');
    const env = { ...plain, SCHEMA_REGISTRY_URL: registry.url };
    await done(ingest(disorderlyMarket(seededRandom('lake avro'), 1)), env);
    await done(['process', '--until-caught-up'], env);
    expect(await done(CAUGHT_UP, env)).toMatch(/^(\S+: \d+ rows? written, version \d+\n){4}$/);
    expect(await done(CAUGHT_UP, env)).toMatch(/^(\S+: nothing new, version \d+\n){4}$/);
    await expectLake(lake, await printedTopics(env));
  });
});
