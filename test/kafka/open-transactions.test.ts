import kafkajs from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openKafkaLog } from '../../src/streams/log/kafka/kafka-log.ts';
import type { Log } from '../../src/streams/log/log.ts';
import { createTopics } from './support/create-topics.ts';

const brokers = [...inject('kafkaBrokers')];
/** Longer than a broker keeps a request for records that are not there yet. */
const PATIENCE_MS = 1_500;

const topicOf = (outcome: string): string => `open-${outcome}-${process.pid}`;

let log: Log;
beforeAll(async () => {
  log = await openKafkaLog({ brokers });
});
afterAll(() => log.close());

/** A transaction that somebody else has open, with a record in it that brokers have taken. */
async function openTransaction(topic: string) {
  const kafka = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING });
  const producer = kafka.producer({ transactionalId: topic, idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: [{ partition: 0, value: 'in doubt' }] });
  const end = async (outcome: 'commit' | 'abort'): Promise<void> => {
    await transaction[outcome]();
    await producer.disconnect();
  };
  return { end };
}

describe('a transaction that another has open', () => {
  it.each([
    { outcome: 'commit', texts: ['before', 'in doubt', 'behind'] },
    { outcome: 'abort', texts: ['before', 'behind'] },
  ] as const)('is waited for by who reads to the end, whatever comes of it: $outcome', async ({ outcome, texts }) => {
    const at = { topic: topicOf(outcome), partition: 0 };
    await log.topics.ensure([{ name: at.topic, partitions: 1, cleanup: { kind: 'purge' } }]);
    await log.append([{ ...at, key: null, value: 'before' }]);
    const open = await openTransaction(at.topic);
    await log.append([{ ...at, key: null, value: 'behind' }]);
    const { start, end } = await log.bounds(at);
    expect({ start, end }).toEqual({ start: 0, end: 3 });

    const found: string[] = [];
    let isThrough = false;
    const reading = (async () => {
      for await (const { records } of log.read(at, start, end))
        found.push(...records.map(({ value }) => String(value)));
      isThrough = true;
    })();
    await expect.poll(() => found).toEqual(['before']);
    await sleep(PATIENCE_MS);
    expect({ found, isThrough }).toEqual({ found: ['before'], isThrough: false });
    await open.end(outcome);
    await reading;
    expect(found).toEqual(texts);
  });
});

describe('a commit that fails in the middle', () => {
  it('leaves no transaction open: readers need not wait until brokers give it up', async () => {
    const at = { topic: topicOf('failed'), partition: 0 };
    const small = { topic: topicOf('small'), partition: 0 };
    const admin = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
    await admin.connect();
    const configEntries = [{ name: 'max.message.bytes', value: '1000' }];
    await createTopics(admin, [{ topic: small.topic, configEntries }, { topic: at.topic }]);
    await admin.disconnect();
    const writer = await log.writer(at.topic);
    const begun = Date.now();
    const commit = writer.commit([
      { ...at, key: null, value: 'lost' },
      { ...small, key: null, value: 'x'.repeat(2_000) },
    ]);
    await expect(commit).rejects.toMatchObject({ code: 'log-refused' });
    await log.append([{ ...at, key: null, value: 'behind' }]);
    const found: string[] = [];
    for await (const { records } of log.read(at, 0, Infinity)) found.push(...records.map(({ value }) => String(value)));
    expect(found).toEqual(['behind']);
    // Brokers give up no transaction that has been open for less.
    expect(Date.now() - begun).toBeLessThan(10_000);
    await writer.close();
  });
});
