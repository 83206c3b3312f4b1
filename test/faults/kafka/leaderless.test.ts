import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openKafkaLog } from '../../../src/streams/log/kafka/kafka-log.ts';
import { closedPort } from '../../support/closed-port.ts';
import { expectEqualTable } from '../../support/equal-tables.ts';
import { oracleTables } from '../../support/oracle/oracle-tables.ts';
import { recordedRecords } from '../../support/oracle/recorded-records.ts';
import { FEW_HOURS } from '../../support/processed-folder.ts';
import { pulse, readTopic, temporaryFolder } from '../../support/pulse.ts';
import { type Brokers, startBrokers } from '../../kafka/support/brokers.ts';

let cluster: Brokers;
beforeAll(async () => {
  cluster = await startBrokers({ nodes: 3 });
});
afterAll(() => cluster.stop());

it('topics without a leader hold up no others: quotes come in and are processed, and doctor tells them', async () => {
  const [first = '', second = ''] = cluster.brokers;
  const admin = new kafkajs.Kafka({ brokers: [first, second], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  const onlyOn = async (topic: string): Promise<void> => {
    const replicaAssignment = [{ partition: 0, replicas: [3] }];
    await admin.createTopics({
      waitForLeaders: false,
      topics: [{ topic, replicaAssignment, numPartitions: -1, replicationFactor: -1 }],
    });
  };
  await onlyOn('foreign');
  const env = {
    ...{ KAFKA_BROKERS: `${first},${second}`, PULSE_DATA_DIR: temporaryFolder(), PULSE_PORT: '0' },
    PULSE_COINGECKO_URL: `http://127.0.0.1:${await closedPort()}`,
  };
  expect(await pulse(['topics', 'create'], env)).toMatchObject({ code: 0 });
  await cluster.kill(3);
  const log = await openKafkaLog({ brokers: [first, second] });
  const isLeaderless = async (): Promise<boolean> => {
    const { topics } = await admin.fetchTopicMetadata({ topics: ['foreign'] }).catch(() => ({ topics: [] }));
    return topics.length === 0;
  };
  await expect.poll(isLeaderless, { timeout: 30_000 }).toBe(true);

  const names = (await log.topics.list()).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['foreign', 'coingecko.markets', 'pulse.prices_hourly']));
  await log.close();
  const list = await pulse(['topics', 'list'], env);
  expect(list).toMatchObject({ code: 0, stderr: '' });
  expect(list.stdout).toMatch(/^coingecko.markets +4 partitions .* 0 offsets$/m);

  const ingested = await pulse(['ingest', '--source', 'recorded', '--file', FEW_HOURS], env);
  expect(ingested, ingested.stderr).toMatchObject({ code: 0 });
  const processed = await pulse(['process', '--until-caught-up'], env);
  expect(processed, processed.stderr).toMatchObject({ code: 0 });
  const silver = await readTopic('pulse.prices_hourly', ['--latest-per-key'], env);
  expectEqualTable(silver, oracleTables(recordedRecords(FEW_HOURS)).silver);

  const { stdout } = await pulse(['doctor'], env);
  expect(stdout).not.toMatch(/^✗ no broker leads/m);
  expect(stdout).toMatch(/^! no broker leads foreign\[0\], which are not of this namespace: /m);
  expect(stdout).toMatch(/^! not every replica of .* and \d+ more is in sync: see whether all brokers of the cluster/m);
  await admin.disconnect();
});
