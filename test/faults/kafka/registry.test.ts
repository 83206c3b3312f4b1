import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { openKafkaLog } from '../../../src/streams/log/kafka/kafka-log.ts';
import { latestRows } from '../../support/driver/latest-rows.ts';
import { expectEqualTable } from '../../support/equal-tables.ts';
import { oracleTables } from '../../support/oracle/oracle-tables.ts';
import { recordedRecords } from '../../support/oracle/recorded-records.ts';
import { FEW_HOURS } from '../../support/processed-folder.ts';
import { pulse, readTopic, type RunningPulse, startPulse, temporaryFolder } from '../../support/pulse.ts';
import { guardedRegistry } from '../../kafka/support/guarded-registry.ts';
import { portsInARow } from '../../kafka/support/ports-in-a-row.ts';
import { type Registry, registryUrl, startRegistry } from '../../kafka/support/registry.ts';

const wanted = oracleTables(recordedRecords(FEW_HOURS));
const HOURS = wanted.silver.size;
const PARTITIONS = 4;
/** Each starts some ten processes, and a registry takes its time. */
const PATIENCE = { timeout: 300_000 };
const ingest = ['ingest', '--source', 'recorded', '--file', FEW_HOURS];
const untilCaughtUp = ['process', '--until-caught-up'];

type Environment = Readonly<Record<string, string>>;

let registry: Registry;
let url: string;
let spaces = 0;
beforeAll(async () => {
  registry = await startRegistry();
  url = registry.url;
});
afterAll(() => registry.stop());

/** A namespace of its own: the registry's subjects are shared, and so is the broker. */
const fresh = (registryAt = url) => ({
  KAFKA_BROKERS: inject('kafkaBrokers').join(),
  ...{ PULSE_DATA_DIR: temporaryFolder(), PULSE_NAMESPACE: `faults-${process.pid}-${++spaces}` },
  SCHEMA_REGISTRY_URL: registryAt,
});

async function expectTables(env: Environment): Promise<void> {
  const latest = (topic: string) => readTopic(topic, ['--latest-per-key'], env);
  expectEqualTable(await latest('pulse.prices_hourly'), wanted.silver);
  expectEqualTable(await latest('pulse.features_hourly'), wanted.features);
  expectEqualTable(await latest('pulse.top_movers_24h'), wanted.movers);
}

/** How many hours the topic holds, seen from beside whoever writes it. */
async function hoursIn({ PULSE_NAMESPACE = '' }: Environment): Promise<number> {
  const log = await openKafkaLog({ brokers: inject('kafkaBrokers') });
  try {
    return (await latestRows(log, `${PULSE_NAMESPACE}.pulse.prices_hourly`, PARTITIONS)).size;
  } finally {
    await log.close();
  }
}

/** Ends it with a signal: one that does not heed it is killed with another, which its outcome tells. */
function terminate(run: RunningPulse): RunningPulse['ended'] {
  run.child.kill('SIGTERM');
  return run.ended;
}

async function paused(): Promise<() => Promise<void>> {
  await registry.pause();
  let isPaused = true;
  const resume = async (): Promise<void> => {
    if (isPaused) await registry.resume();
    isPaused = false;
  };
  onTestFinished(resume);
  return resume;
}

describe('a registry that is not there', PATIENCE, () => {
  it('at the start is waited for: nothing is processed before, and everything after', async () => {
    const port = await portsInARow(1);
    const env = fresh(registryUrl(port));
    expect(await pulse(ingest, env)).toMatchObject({ code: 0 });
    const stopped = startPulse(['process'], env);
    await stopped.said(/the schema registry at \S+ does not answer: .*ECONNREFUSED/);
    expect(await terminate(stopped)).toMatchObject({ code: 0, signal: null });
    expect(await hoursIn(env)).toBe(0);

    const waiting = startPulse(untilCaughtUp, env);
    await waiting.said(/does not answer/);
    const late = await startRegistry({ port });
    try {
      expect(await waiting.ended).toMatchObject({ code: 0 });
      await expectTables(env);
    } finally {
      await late.stop();
    }
    const read = await pulse(['topics', 'read', 'pulse.prices_hourly'], env);
    expect(read).toMatchObject({ code: 1, stdout: '' });
    expect(read.stderr).toMatch(/^pulse: the schema registry at \S+ does not answer: connect ECONNREFUSED [^\n]*\n$/);
  });

  it('but takes connections is waited for as well, and a signal ends that', async () => {
    const env = fresh();
    expect(await pulse(ingest, env)).toMatchObject({ code: 0 });
    const resume = await paused();
    const waiting = startPulse(['process'], env);
    await waiting.said(/the schema registry at \S+ does not answer: 3000 ms have passed/);
    expect(await terminate(waiting)).toMatchObject({ code: 0, signal: null });
    expect(await hoursIn(env)).toBe(0);
    await resume();
    expect(await pulse(untilCaughtUp, env)).toMatchObject({ code: 0 });
    await expectTables(env);
  });

  it('from the middle on holds up nobody who knows the schemas; who does not, waits, and misses nothing', async () => {
    const env = fresh();
    // Eight hours in some 24 seconds.
    const playing = ['start', '--source', 'recorded', '--file', FEW_HOURS, '--speed', '1200', '--port', '0'];
    const begun = startPulse(playing, env);
    await begun.said(/the page is at/);
    await until(async () => (await hoursIn(env)) > 0);
    const resume = await paused();
    const before = await hoursIn(env);
    expect(before).toBeLessThan(HOURS);
    await until(async () => (await hoursIn(env)) === HOURS);
    await begun.said(/the source has ended/);

    const reading = await pulse(['topics', 'read', 'pulse.prices_hourly'], env);
    expect(reading).toMatchObject({ code: 1, stdout: '' });
    expect(reading.stderr).toMatch(/^pulse: the schema registry at [^\n]* does not answer: [^\n]*\n$/);
    const page = startPulse(['web', '--port', '0'], env);
    const address = (await page.said(/http:\S+/)).trim();
    await page.said(/the view can't be fed: the schema registry at \S+ does not answer/);
    expect((await fetch(`${address}/readyz`)).status).toBe(503);
    await resume();
    await until(async () => (await fetch(`${address}/readyz`)).status === 200);
    const { coins } = (await (await fetch(`${address}/api/coins`)).json()) as { coins: readonly unknown[] };
    expect(coins).toHaveLength(wanted.movers.size);
    expect((await terminate(page)).code).toBe(0);
    expect((await terminate(begun)).code).toBe(0);
    await expectTables(env);
  });
});

describe('a registry that refuses', PATIENCE, () => {
  it('a schema that readers of the rows before could not take: nothing is written, and why is one line', async () => {
    const env = fresh();
    const subject = `${env.PULSE_NAMESPACE}.pulse.features_hourly-value`;
    const other = {
      type: 'record',
      name: 'features_hourly',
      namespace: 'pulse',
      fields: [{ name: 'ts', type: 'string' }],
    };
    const taken = await fetch(`${url}/subjects/${subject}/versions`, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
      body: JSON.stringify({ schema: JSON.stringify(other) }),
    });
    expect(taken.status).toBe(200);
    expect(await pulse(ingest, env)).toMatchObject({ code: 0 });
    for (const command of [untilCaughtUp, ['process', '--workers', '2']]) {
      const { code, stderr } = await pulse(command, env);
      expect(code).toBe(1);
      expect(stderr.split('\n').filter((line) => line.startsWith('pulse: '))).toEqual([
        expect.stringMatching(
          `^pulse: the schema of ${subject} is not compatible with the one before: .*features_hourly.*new name`,
        ),
      ]);
      expect(await hoursIn(env)).toBe(0);
    }
  });

  it.each([401, 403] as const)('who does not say who they are (%i), and takes who does', async (status) => {
    const password = 'correct:horse';
    const door = await guardedRegistry(url, `pulse:${password}`, status);
    onTestFinished(() => door.close());
    const env = fresh(door.url);
    expect(await pulse(ingest, env)).toMatchObject({ code: 0 });
    const wrong = { SCHEMA_REGISTRY_USERNAME: 'pulse', SCHEMA_REGISTRY_PASSWORD: 'battery staple' };
    for (const given of [{}, wrong]) {
      const { code, stderr } = await pulse([...untilCaughtUp, '--verbose'], { ...env, ...given });
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /^pulse: the schema registry at \S+ lets nobody in: who are you\?; set SCHEMA_REGISTRY_USERNAME and /m,
      );
      for (const secret of ['battery', Buffer.from('pulse:battery staple').toString('base64')])
        expect(stderr).not.toContain(secret);
    }
    expect(await pulse(untilCaughtUp, { ...env, SCHEMA_REGISTRY_USERNAME: 'pulse' })).toMatchObject({
      code: 1,
      stderr: 'pulse: SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_PASSWORD go together: set both\n',
    });
    const right = { ...env, SCHEMA_REGISTRY_USERNAME: 'pulse', SCHEMA_REGISTRY_PASSWORD: password };
    expect(await pulse(untilCaughtUp, right)).toMatchObject({ code: 0 });
    await expectTables(right);
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((wake) => setTimeout(wake, 200));
}
