import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { registerCodecs } from '../../src/streams/log/kafka/codecs.ts';
import { closedPort } from '../support/closed-port.ts';
import { FEW_HOURS } from '../support/processed-folder.ts';
import { type Ended, pulse, startPulse, temporaryFolder } from '../support/pulse.ts';
import { createTopics } from './support/create-topics.ts';

const unique = `doctor-${process.pid}`;
const kafka = new kafkajs.Kafka({ brokers: [...inject('kafkaBrokers')], logLevel: kafkajs.logLevel.NOTHING });
registerCodecs();
const admin = kafka.admin();
beforeAll(() => admin.connect());
afterAll(() => admin.disconnect());

type Environment = Readonly<Record<string, string>>;

const environment = (namespace: string): Environment => ({
  ...{ KAFKA_BROKERS: inject('kafkaBrokers').join(), PULSE_NAMESPACE: `${unique}-${namespace}` },
  ...{ PULSE_DATA_DIR: temporaryFolder(), PULSE_PORT: '0' },
});

const doctor = async (env: Environment): Promise<Ended> =>
  pulse(['doctor'], { PULSE_COINGECKO_URL: `http://127.0.0.1:${await closedPort()}`, ...env });

describe('pulse doctor on a cluster', () => {
  it('says that brokers answer, where the flow ends, who is in the groups, and where quotes may have gone', async () => {
    const env = environment('flow');
    const { clusterId } = await admin.describeCluster();
    const first = await doctor(env);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const [broker] = inject('kafkaBrokers');
    expect(first.stdout).toContain(`✓ the broker ${broker} answers, and speaks every version that is needed\n`);
    expect(first.stdout).toContain(`✓ the cluster ${clusterId} has 1 broker: ${broker}\n`);
    expect(first.stdout).toMatch(/^! the cluster at .* lacks .*\.coingecko\.markets, .*: the next run makes them$/m);

    await pulse(['ingest', '--source', 'recorded', '--file', FEW_HOURS], env);
    const topic = `${unique}-CoinGecko_quotes`;
    await createTopics(admin, [{ topic, numPartitions: 1 }]);
    const elsewhere = await doctor({ ...env, PULSE_NAMESPACE: `${unique}-flwo` });
    expect(elsewhere.stdout).toMatch(/flwo.coingecko.markets holds no quotes: run pulse start, or pulse ingest$/m);
    expect(elsewhere.stdout).toContain(`did you mean PULSE_NAMESPACE=${unique}-flow?\n`);
    expect(elsewhere.stdout).toContain(
      `! there is a topic ${topic}: quotes are read from coingecko.markets, and keyed`,
    );
    await admin.deleteTopics({ topics: [topic] });

    const nobody = (await doctor(env)).stdout;
    // A transaction's end takes an offset of its own.
    expect(Number(/combine is (\d+) offsets behind/.exec(nobody)?.[1])).toBeGreaterThanOrEqual(960);
    expect(nobody).toMatch(
      /^! combine is .* behind in .*markets, and nobody works on it: run pulse process, or pulse start$/m,
    );
    expect(nobody).not.toMatch(/holds no quotes|did you mean/);

    const running = startPulse(['process'], env);
    await running.said(/processing/);
    const caughtUp =
      /^✓ combine has processed all of .*coingecko.markets; 1 in its group\n✓ combine-hot has .*; 1 in its group\n✓ maintain has .*; 1 in its group$/m;
    await expect.poll(async () => (await doctor(env)).stdout, { timeout: 60_000 }).toMatch(caughtUp);
    running.child.kill('SIGTERM');
    await running.ended;
    expect((await doctor(env)).stdout).toMatch(/^✓ combine has processed all of .*coingecko.markets$/m);
  });

  it('says of a process that is in the group and does nothing that it stands still', async () => {
    const env = environment('still');
    await pulse(['topics', 'create'], env);
    const consumer = kafka.consumer({ groupId: `${unique}-still.pulse-combine` });
    await consumer.connect();
    await consumer.subscribe({ topics: [`${unique}-still.coingecko.markets`] });
    await consumer.run({ autoCommit: false, eachMessage: async () => undefined });
    await pulse(['ingest', '--source', 'recorded', '--file', FEW_HOURS], env);
    const found = /^! combine is \d+ offsets behind in .*; 1 in its group, and has not reported yet: it stands still/m;
    await expect.poll(async () => (await doctor(env)).stdout, { timeout: 30_000 }).toMatch(found);
    await consumer.disconnect();
  });

  it('tells topics that others have made or changed', async () => {
    const env = environment('others');
    const topic = `${unique}-others.coingecko.markets`;
    await createTopics(admin, [{ topic, numPartitions: 1 }]);
    const made = await doctor(env);
    expect(made.code).toBe(1);
    expect(made.stdout).toContain(
      `✗ ${topic} is there with 1 partition, and no other topic of the namespace: a producer`,
    );
    expect(await pulse(['reset', '--yes'], env)).toMatchObject({ code: 0 });
    expect(await pulse(['topics', 'create'], env)).toMatchObject({ code: 0 });
    const configEntries = [{ name: 'retention.ms', value: '60000' }];
    const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries }];
    await admin.alterConfigs({ validateOnly: false, resources });
    await expect
      .poll(async () => (await doctor(env)).stdout, { timeout: 30_000 })
      .toMatch(
        /^✗ Topic .*markets is there with 4 partitions, kept for 60000 ms, wanted is 4 partitions, kept for 2592000000 ms/m,
      );
  });

  it('tells positions that lie outside of what their topic holds', async () => {
    const env = environment('anew');
    const topic = `${unique}-anew.coingecko.markets`;
    await pulse(['ingest', '--source', 'recorded', '--file', FEW_HOURS], env);
    await pulse(['process', '--until-caught-up'], env);
    await admin.deleteTopics({ topics: [topic] });
    await expect.poll(async () => (await pulse(['topics', 'create'], env)).code, { timeout: 30_000 }).toBe(0);
    const { code, stdout } = await doctor(env);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^✗ combine would go on at \d+ of .*markets\[\d\], behind the last offset, -1: the topic was emptied/m,
    );
  });

  it('is content with one of several brokers that does not answer, and says so', async () => {
    const [broker] = inject('kafkaBrokers');
    const away = `127.0.0.1:${await closedPort()}`;
    const { code, stdout } = await doctor({ ...environment('away'), KAFKA_BROKERS: `${away},${broker}` });
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^! the broker ${away}: .*; another one of those named answers$`, 'm'));
  });
});
