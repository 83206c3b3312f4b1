import { randomBytes } from 'node:crypto';
import { expect, inject, it } from 'vitest';
import { openKafkaLog } from '../../src/streams/log/kafka/kafka-log.ts';
import { storedBytes } from './support/stored-bytes.ts';

const KEYS = ['a', 'b', 'c'];
const VALUE_BYTES = 100_000;
const WRITES = 300;

it('a compacted topic holds little more than the latest records soon, and no latest one is lost', async () => {
  const brokers = inject('kafkaBrokers');
  const log = await openKafkaLog({ brokers });
  const at = { topic: `compacted-${process.pid}`, partition: 0 };
  await log.topics.ensure([{ name: at.topic, partitions: 1, cleanup: { kind: 'compact' } }]);
  const latest = new Map<string, string>();
  for (let written = 0; written < WRITES; written++) {
    const [key, value] = [KEYS[written % KEYS.length]!, randomBytes(VALUE_BYTES)];
    latest.set(key, value.toString('hex'));
    await log.append([{ ...at, key, value }]);
  }
  // The newest segment is left as it is.
  await expect
    .poll(() => storedBytes(brokers, at.topic), { timeout: 90_000, interval: 500 })
    .toBeLessThan((WRITES * VALUE_BYTES) / 2);
  const found = new Map<string, string>();
  for await (const { records } of log.read(at, 0, Infinity))
    for (const { key, value } of records) found.set(String(key), value?.toString('hex') ?? '');
  expect(found).toEqual(latest);
  await log.close();
});
