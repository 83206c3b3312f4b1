import kafkajs from 'kafkajs';
import { describe, expect, inject, it } from 'vitest';
import { openKafkaLog } from '../../src/streams/log/kafka/kafka-log.ts';
import { appendContract } from '../support/log-contract-append.ts';
import { groupContract } from '../support/log-contract-groups.ts';
import { readContract } from '../support/log-contract-read.ts';
import { type CreateLog, ShiftedTime } from '../support/log-contract-tools.ts';
import { topicContract } from '../support/log-contract-topics.ts';
import { createTopics } from './support/create-topics.ts';
import { logInNamespace } from './support/log-in-namespace.ts';

let created = 0;

const create: CreateLog = async ({ batchBytes } = {}) => {
  const prefix = `contract-${process.pid}-${created++}`;
  const open = async () =>
    logInNamespace(
      await openKafkaLog({
        brokers: inject('kafkaBrokers'),
        ...(batchBytes !== undefined && { fetchBytes: batchBytes }),
      }),
      prefix,
    ) as never;
  const log = await open();
  return { log, time: new ShiftedTime(), reopen: open, dispose: () => (log as { close(): Promise<void> }).close() };
};

it('refuses a topic whose records have their producers’ timestamps', async () => {
  const brokers = [...inject('kafkaBrokers')];
  const admin = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
  const topic = `stamped-${process.pid}`;
  await admin.connect();
  const configEntries = [{ name: 'retention.ms', value: '-1' }];
  await createTopics(admin, [{ topic, numPartitions: 2, configEntries }]);
  await admin.disconnect();
  const log = await openKafkaLog({ brokers });
  const spec = { name: topic, partitions: 2, cleanup: { kind: 'purge' } } as const;
  expect(await log.topics.describe(topic)).toEqual(spec);
  await expect(log.topics.ensure([spec])).rejects.toThrow(/producers' timestamps.*set its message\.timestamp\.type/);
  await log.close();
});

describe('the log on Kafka', () => {
  topicContract(create);
  appendContract(create);
  readContract(create);
  groupContract(create);
});
