import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { closedPort } from '../support/closed-port.ts';
import { FakeBroker } from '../support/fake-broker.ts';
import { getUntil, pageOf } from '../support/page.ts';
import { FEW_HOURS } from '../support/processed-folder.ts';
import { type Ended, pulse, startPulse, temporaryFolder } from '../support/pulse.ts';

type Environment = Readonly<Record<string, string>>;

const doctor = async (env: Environment): Promise<Ended> =>
  pulse(['doctor'], { PULSE_PORT: '0', PULSE_COINGECKO_URL: `http://127.0.0.1:${await closedPort()}`, ...env });

const ingest = ['ingest', '--source', 'recorded', '--file', FEW_HOURS];

describe('pulse doctor', () => {
  it('says where the flow of quotes ends, and what to run', async () => {
    const env = { PULSE_DATA_DIR: temporaryFolder() };
    expect((await doctor(env)).stdout).toMatch(/^✓ there is no log yet/m);
    await pulse(['topics', 'create'], env);
    expect((await doctor(env)).stdout).toMatch(
      /^! coingecko.markets holds no quotes: run pulse start, or pulse ingest$/m,
    );
    await pulse(ingest, env);
    const behind = await doctor(env);
    expect(behind).toMatchObject({ code: 0, stderr: '' });
    expect(behind.stdout).not.toMatch(/holds no quotes/);
    expect(behind.stdout).toMatch(
      /^! combine is 960 offsets behind in coingecko.markets, and nobody works on it: run pulse process, or pulse start$/m,
    );
    await pulse(['process', '--until-caught-up'], env);
    const { stdout } = await doctor(env);
    expect(stdout).toMatch(/^✓ combine has processed all of coingecko.markets$/m);
    expect(stdout).toMatch(/^✓ maintain has processed all of pulse.partials$/m);
  });

  it('names the namespaces that hold quotes, to whom has named one that does not', async () => {
    const env = { PULSE_DATA_DIR: temporaryFolder() };
    mkdirSync(join(env.PULSE_DATA_DIR, 'namespaces', 'notes'), { recursive: true });
    await pulse([...ingest, '--namespace', 'mine'], env);
    for (const namespace of ['', 'mien']) {
      const { stdout } = await doctor({ ...env, PULSE_NAMESPACE: namespace });
      expect(stdout).toMatch(/^! there are quotes in the namespace mine; did you mean PULSE_NAMESPACE=mine\?$/m);
      expect(stdout).not.toMatch(/notes/);
    }
    expect((await doctor({ ...env, PULSE_NAMESPACE: 'mine' })).stdout).not.toMatch(/did you mean/);
  });

  it('takes the page of a running start for what it is', async () => {
    const env = { PULSE_DATA_DIR: temporaryFolder(), PULSE_PORT: '0' };
    const running = startPulse(['start', '--source', 'recorded', '--file', FEW_HOURS], env);
    const page = await pageOf(running);
    await getUntil(`${page}/readyz`, () => true);
    const port = new URL(page).port;
    const own = await doctor({ ...env, PULSE_PORT: port });
    expect(own).toMatchObject({ code: 0, stderr: '' });
    expect(own.stdout).toMatch(new RegExp(`^✓ the page of the default namespace is on port ${port}$`, 'm'));
    const other = await doctor({ ...env, PULSE_PORT: port, PULSE_NAMESPACE: 'other' });
    expect(other.code).toBe(0);
    expect(other.stdout).toMatch(
      new RegExp(`^! the page of the default .* on port ${port}: .* needs another --port$`, 'm'),
    );
  });
});

describe('pulse doctor, of a cluster', () => {
  it.each([
    {
      found: 'too old',
      fetch: [0, 10],
      says: 'it has in versions 0 to 10, needed is version 11: run Kafka 2.3 or later',
    },
    {
      found: 'too new',
      fetch: [12, 20],
      says: 'it has in versions 12 to 20, needed is version 11: it is newer than this',
    },
    { found: 'without it', fetch: undefined, says: 'is not known to it, needed is version 11: run Kafka 2.3 or later' },
  ])('says what a broker offers that is $found, what is needed and what to do', async ({ fetch, says }) => {
    const broker = await FakeBroker.start(fetch === undefined ? [] : [[1, fetch[0]!, fetch[1]!]], [1]);
    const { address } = broker;
    const { code, stdout } = await doctor({ PULSE_DATA_DIR: temporaryFolder(), KAFKA_BROKERS: address });
    await broker.stop();
    expect(code).toBe(1);
    expect(stdout).toContain(`✗ the broker ${address} does not speak the versions needed: Fetch ${says}`);
  });

  it('says of what is no broker that it is none', async () => {
    const other = await FakeBroker.start(
      [],
      Array.from({ length: 100 }, (_, request) => request),
    );
    const { address } = other;
    const { code, stdout } = await doctor({ PULSE_DATA_DIR: temporaryFolder(), KAFKA_BROKERS: address });
    await other.stop();
    expect(code).toBe(1);
    expect(stdout).toContain(`✗ what listens at ${address} does not speak Kafka's protocol: set KAFKA_BROKERS`);
  });

  it('says of each broker that is named whether it answers', async () => {
    const away = `127.0.0.1:${await closedPort()}`;
    const { code, stdout } = await doctor({ PULSE_DATA_DIR: temporaryFolder(), KAFKA_BROKERS: away });
    expect(code).toBe(1);
    expect(stdout).toMatch(
      new RegExp(`^✗ the broker ${away}: .*: start it, or set KAFKA_BROKERS to brokers that run$`, 'm'),
    );
  });
});
