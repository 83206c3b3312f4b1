import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectEqualTable } from '../support/equal-tables.ts';
import { type OracleTables, oracleTables } from '../support/oracle/oracle-tables.ts';
import { recordedRecords } from '../support/oracle/recorded-records.ts';
import { FEW_HOURS } from '../support/processed-folder.ts';
import { pulse, readTopic, temporaryFolder } from '../support/pulse.ts';
import { readWithPython } from './support/python-client.ts';
import { type Registry, startRegistry } from './support/registry.ts';

/** Of {@link FEW_HOURS}, which has a line of each before the next of any: half of the lines are half of every hour. */
const COINS = 30;
const SAMPLE = resolve('data/sample/market-2023-12.ndjson.gz');

const tables = [
  ['pulse.prices_hourly', 'silver'],
  ['pulse.features_hourly', 'features'],
  ['pulse.top_movers_24h', 'movers'],
] as const satisfies readonly (readonly [string, keyof OracleTables])[];

type Environment = Readonly<Record<string, string>>;

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.stop());

const onCluster = (name: string) => ({
  KAFKA_BROKERS: inject('kafkaBrokers').join(),
  PULSE_NAMESPACE: `${name}-${process.pid}`,
  PULSE_DATA_DIR: temporaryFolder(),
});

async function processed(file: string, env: Environment): Promise<void> {
  expect(await pulse(['ingest', '--source', 'recorded', '--file', file], env)).toMatchObject({ code: 0 });
  expect(await pulse(['process', '--until-caught-up'], env)).toMatchObject({ code: 0 });
}

const latest = (topic: string, env: Environment) => readTopic(topic, ['--latest-per-key'], env);

/** The first run on a machine fetches the Python client. */
describe('the tables on a cluster with a schema registry', { timeout: 300_000 }, () => {
  it('are those of a batch job, read by our command and by a client that is not ours', async () => {
    const env = { ...onCluster('avro'), SCHEMA_REGISTRY_URL: registry.url };
    await processed(SAMPLE, env);
    const wanted = oracleTables(recordedRecords(SAMPLE));
    for (const [topic, table] of tables) {
      const name = `${env.PULSE_NAMESPACE}.${topic}`;
      expectEqualTable(await latest(topic, env), wanted[table]);
      expectEqualTable(await readWithPython(inject('kafkaBrokers'), registry.url, name), wanted[table]);
      expect(await levelOf(`${name}-value`)).toBe('BACKWARD');
    }
  });

  it('are those of a batch job where the registry came later, read by whoever knows it', async () => {
    const plain = onCluster('avro-later');
    const lines = gunzipSync(readFileSync(FEW_HOURS)).toString('utf8').trimEnd().split('\n');
    const [first, second] = [0, 1].map((part) => {
      const file = join(plain.PULSE_DATA_DIR, `part-${part}.ndjson`);
      writeFileSync(file, lines.filter((_, i) => Math.floor(i / COINS) % 2 === part).join('\n'));
      return file;
    }) as [string, string];
    await processed(first, plain);
    // What was in JSON is read from the changelog by the process that writes Avro.
    rmSync(join(plain.PULSE_DATA_DIR, 'namespaces', plain.PULSE_NAMESPACE, 'state'), { recursive: true });
    const env = { ...plain, SCHEMA_REGISTRY_URL: registry.url };
    expect(await pulse(['process', '--until-caught-up'], env)).toMatchObject({ code: 0 });
    await processed(second, env);
    rmSync(join(plain.PULSE_DATA_DIR, 'namespaces', plain.PULSE_NAMESPACE, 'state'), { recursive: true });
    const third = join(plain.PULSE_DATA_DIR, 'part-2.ndjson');
    writeFileSync(third, lines[5]!);
    await processed(third, env);

    const wanted = oracleTables([first, second, third].flatMap((file) => recordedRecords(file)));
    for (const [topic, table] of tables) expectEqualTable(await latest(topic, env), wanted[table]);
    const { code, stdout, stderr } = await pulse(['topics', 'read', 'pulse.prices_hourly'], plain);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^\S+ holds rows in Avro: set SCHEMA_REGISTRY_URL to have them decoded\n$/);
    const bytes = stdout.split('\n').filter((line) => line.includes('"value_base64":"AAAA'));
    expect(bytes.length).toBeGreaterThan(200);
    expect(stdout.split('\n').length - bytes.length).toBeGreaterThan(200);
  });
});

async function levelOf(subject: string): Promise<unknown> {
  const response = await fetch(`${registry.url}/config/${subject}`);
  return ((await response.json()) as { compatibilityLevel?: string }).compatibilityLevel;
}
