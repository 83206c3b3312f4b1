import { afterAll, beforeAll, expect, it } from 'vitest';
import { closedPort } from '../support/closed-port.ts';
import { FEW_HOURS } from '../support/processed-folder.ts';
import { type Ended, pulse, temporaryFolder } from '../support/pulse.ts';
import { type Registry, startRegistry } from './support/registry.ts';

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.stop());

const namespace = `doctor-${process.pid}`;
const subject = (table: string): string => `${namespace}.pulse.${table}-value`;
const all = ['prices_hourly', 'features_hourly', 'top_movers_24h'].map(subject).join(', ');

const doctor = async (env: Readonly<Record<string, string>>): Promise<Ended> =>
  pulse(['doctor'], { PULSE_COINGECKO_URL: `http://127.0.0.1:${await closedPort()}`, PULSE_PORT: '0', ...env });

it('doctor says whether the registry takes today’s rows, and registers nothing', async () => {
  const env = { PULSE_DATA_DIR: temporaryFolder(), PULSE_NAMESPACE: namespace, SCHEMA_REGISTRY_URL: registry.url };
  for (let time = 0; time < 2; time++) {
    const { stdout, code } = await doctor(env);
    expect(stdout).toContain(`✓ the schema registry at ${registry.url} answers; takes ${all} with the next run\n`);
    expect(code).toBe(0);
  }
  expect(await pulse(['ingest', '--source', 'recorded', '--file', FEW_HOURS], env)).toMatchObject({ code: 0 });
  expect(await pulse(['process', '--until-caught-up'], env)).toMatchObject({ code: 0 });
  expect((await doctor(env)).stdout).toContain(`has ${all} as today's rows need them\n`);
});

it('doctor calls a schema that would be refused a fault, and so a registry that does not answer', async () => {
  const name = `${namespace}-other`;
  const env = { PULSE_DATA_DIR: temporaryFolder(), PULSE_NAMESPACE: name, SCHEMA_REGISTRY_URL: registry.url };
  const before = {
    type: 'record',
    name: 'prices_hourly',
    namespace: 'pulse',
    fields: [{ name: 'coin', type: 'string' }],
  };
  const posted = await fetch(`${registry.url}/subjects/${name}.pulse.prices_hourly-value/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema: JSON.stringify(before) }),
  });
  expect(posted.status).toBe(200);
  const refused = await doctor(env);
  expect(refused.stdout).toContain(`✗ the schema of ${name}.pulse.prices_hourly-value would be refused`);
  expect(refused.code).toBe(1);

  const gone = `http://127.0.0.1:${await closedPort()}`;
  const silent = await doctor({ ...env, SCHEMA_REGISTRY_URL: gone });
  expect(silent.stdout).toMatch(/^✗ the schema registry at http:\/\/127\.0\.0\.1:\d+ does not answer/m);
  expect(silent.code).toBe(1);
});
