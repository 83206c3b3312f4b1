import { describe, inject } from 'vitest';
import { openKafkaLog } from '../../src/streams/log/kafka/kafka-log.ts';
import { appendContract } from '../support/log-contract-append.ts';
import { groupContract } from '../support/log-contract-groups.ts';
import { readContract } from '../support/log-contract-read.ts';
import { type CreateLog, ShiftedTime } from '../support/log-contract-tools.ts';
import { topicContract } from '../support/log-contract-topics.ts';
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

describe('the log on Kafka', () => {
  topicContract(create);
  appendContract(create);
  readContract(create);
  groupContract(create);
});
