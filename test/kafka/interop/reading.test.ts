import kafkajs from 'kafkajs';
import { describe, expect, inject, it } from 'vitest';
import { openKafkaLog } from '../../../src/streams/log/kafka/kafka-log.ts';
import { expectEqualTable } from '../../support/equal-tables.ts';
import { type OracleTables, oracleTables } from '../../support/oracle/oracle-tables.ts';
import { recordedRecords } from '../../support/oracle/recorded-records.ts';
import { FEW_HOURS } from '../../support/processed-folder.ts';
import { pulse, temporaryFolder } from '../../support/pulse.ts';
import { readWithKafkajs } from '../support/read-with-kafkajs.ts';
import { readWithKcat } from '../support/kcat.ts';
import { storedBytes } from '../support/stored-bytes.ts';
import { runClient } from '../support/run-client.ts';

const brokers = inject('kafkaBrokers');
const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

/** The latest row of every key, as any reader has to take them. */
const latest = (records: readonly { readonly key: string | null; readonly value: string | null }[]) => {
  const rows = new Map(records.map(({ key, value }) => [key, value]));
  return [...rows].map(([key, value]) => ({ key, value: JSON.parse(value ?? 'null') as unknown }));
};

describe('the output topics', () => {
  it('are read by kcat and by a plain kafkajs consumer: the rows of a batch job, and headers', async () => {
    const namespace = `reading-${process.pid}`;
    const env = { KAFKA_BROKERS: brokers.join(), PULSE_NAMESPACE: namespace, PULSE_DATA_DIR: temporaryFolder() };
    expect(await pulse(['ingest', '--source', 'recorded', '--file', FEW_HOURS], env)).toMatchObject({ code: 0 });
    expect(await pulse(['process', '--until-caught-up'], env)).toMatchObject({ code: 0 });

    const quotes = await readWithKcat(brokers, `${namespace}.coingecko.markets`);
    const wanted = recordedRecords(FEW_HOURS)
      .map(({ headers }) => headers.observed_at)
      .sort();
    const headers = quotes.map(
      ({ headers: found = [] }) => new Map(found.flatMap((name, i) => (i % 2 === 0 ? [[name, found[i + 1]]] : []))),
    );
    expect(headers.map((found) => found.get('observed_at')).sort()).toEqual(wanted);
    expect(new Set(headers.map((found) => found.get('source')))).toEqual(new Set(['recorded']));

    const tables: OracleTables = oracleTables(recordedRecords(FEW_HOURS));
    const topics = { prices_hourly: tables.silver, features_hourly: tables.features, top_movers_24h: tables.movers };
    for (const [name, table] of Object.entries(topics)) {
      const topic = `${namespace}.pulse.${name}`;
      const inKcat = await readWithKcat(brokers, topic);
      expectEqualTable(latest(inKcat.map(({ key, payload }) => ({ key, value: payload }))), table);
      const inKafkajs = await readWithKafkajs(brokers, topic, ({ length }) => length === inKcat.length);
      expectEqualTable(
        latest(inKafkajs.map(({ key, value }) => ({ key: String(key), value: value && value.toString('utf8') }))),
        table,
      );
    }
  });
});

describe('every codec', () => {
  it.each(codecs)('is read by kcat where we send it, and by us where kcat does: %s', async (codec) => {
    const topic = `codec-${codec}-${process.pid}`;
    const log = await openKafkaLog({ brokers, codec });
    await log.topics.ensure([{ name: topic, partitions: 1, cleanup: { kind: 'purge' } }]);
    const value = (i: number): string => `${i} `.repeat(1 + (i % 300));
    const ours = Array.from({ length: 600 }, (_, i) => ({ topic, partition: 0, key: `ours ${i}`, value: value(i) }));
    await log.append(ours.map((record) => ({ ...record, headers: { codec, empty: '' } })));
    const lines = Array.from({ length: 600 }, (_, i) => `theirs ${i}\t${value(i)}\n`);
    await runClient(
      'kcat',
      ['-b', brokers.join(), '-P', '-t', topic, '-K', '\t', '-z', codec, '-H', 'by=kcat'],
      lines.join(''),
    );

    const found = await readWithKcat(brokers, topic);
    const wanted = [...ours.map(({ key, value: text }) => `${key}\t${text}\n`), ...lines];
    expect(found.map(({ key, payload }) => `${key}\t${payload}\n`)).toEqual(wanted);
    expect(found[0]?.headers).toEqual(['codec', codec, 'empty', '']);

    const read: string[] = [];
    const by: string[] = [];
    for await (const { records } of log.read({ topic, partition: 0 }, 0, Infinity))
      for (const record of records) {
        read.push(`${String(record.key)}\t${String(record.value)}\n`);
        by.push(String(record.header('by') ?? record.header('codec')));
      }
    expect(read).toEqual(wanted);
    expect(new Set(by)).toEqual(new Set([codec, 'kcat']));
    const stored = await storedBytes(brokers, topic);
    if (codec === 'none') expect(stored).toBeGreaterThan(wanted.join('').length);
    else expect(stored).toBeLessThan(wanted.join('').length / 2);
    await log.close();
  });
});

describe('a transaction that was aborted', () => {
  it('is seen by neither a plain kafkajs consumer in a group, nor kcat, nor us', async () => {
    const topic = `aborted-${process.pid}`;
    const log = await openKafkaLog({ brokers });
    await log.topics.ensure([{ name: topic, partitions: 1, cleanup: { kind: 'purge' } }]);
    const writer = await log.writer(`${topic}-ours`);
    const kafka = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING });
    const other = kafka.producer({ transactionalId: `${topic}-other`, idempotent: true, maxInFlightRequests: 1 });
    await other.connect();
    const kept: string[] = [];
    for (let i = 0; i < 12; i++) {
      const transaction = await other.transaction();
      await transaction.send({ topic, messages: [{ partition: 0, key: 'k', value: `other ${i}` }] });
      await writer.commit([{ topic, partition: 0, key: 'k', value: `ours ${i}` }]);
      await transaction.send({ topic, messages: [{ partition: 0, key: 'k', value: `other ${i} again` }] });
      if (i % 3 === 0) await transaction.commit();
      else await transaction.abort();
      kept.push(...(i % 3 === 0 ? [`other ${i}`, `ours ${i}`, `other ${i} again`] : [`ours ${i}`]));
    }
    await writer.commit([{ topic, partition: 0, key: 'k', value: 'last' }]);
    kept.push('last');
    await other.disconnect();

    // Ours first: it waits until the last transaction's end is in the partition, which brokers write after they have answered.
    const read: string[] = [];
    for await (const { records } of log.read({ topic, partition: 0 }, 0, Infinity))
      read.push(...records.map(({ value }) => String(value)));
    expect(read).toEqual(kept);
    expect((await readWithKcat(brokers, topic)).map(({ payload }) => payload)).toEqual(kept);
    const inKafkajs = await readWithKafkajs(brokers, topic, (records) => String(records.at(-1)?.value) === 'last');
    expect(inKafkajs.map(({ value }) => String(value))).toEqual(kept);
    await log.close();
  });
});
