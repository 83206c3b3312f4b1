import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, inject, it } from 'vitest';
import { openKafkaLog } from '../../../src/streams/log/kafka/kafka-log.ts';
import { partitionOf } from '../../../src/streams/log/partition-of.ts';
import { expectEqualTable } from '../../support/equal-tables.ts';
import { oracleTables } from '../../support/oracle/oracle-tables.ts';
import { FEW_HOURS } from '../../support/processed-folder.ts';
import { pulse, readTopic, temporaryFolder } from '../../support/pulse.ts';
import { javaProducer, kcatProducer, pythonProducer } from '../support/foreign-producers.ts';
import { readWithKcat } from '../support/kcat.ts';

const brokers = inject('kafkaBrokers');
/** No power of two, so that every bit of the hash counts. */
const PARTITIONS = 13;

/** Of every length modulo 4, which is how murmur2 takes them. */
const KEYS = [
  ...['bitcoin', 'usd coin', '-2', '--', ' ', 'a', 'ab', 'abc', 'abcd', '0', '1move%20token', '../x', 'a|b', '"', 'ø'],
  ...['żółw', '比特币', '🚀', 'e\u0301', '\u00e9', 'x'.repeat(255), 'ß'.repeat(127)],
  ...Array.from({ length: 200 }, (_, i) => `coin-${i * i}`),
];

const clients = [
  { client: 'Java', produce: javaProducer, keys: [...KEYS, '', 'tab\there'] },
  { client: 'Python', produce: pythonProducer, keys: [...KEYS, '', 'tab\there'] },
  { client: 'C', produce: kcatProducer, keys: KEYS },
];

describe('records of others', () => {
  it.each(clients)('lie where ours do: those of a client in $client', async ({ client, produce, keys }) => {
    const topic = `partitioning-${client}-${process.pid}`;
    const log = await openKafkaLog({ brokers });
    await log.topics.ensure([{ name: topic, partitions: PARTITIONS, cleanup: { kind: 'purge' } }]);
    await produce(
      brokers,
      topic,
      keys.map((key, i) => ({ key, value: `value ${i}` })),
    );
    const found: string[] = [];
    for (let partition = 0; partition < PARTITIONS; partition++)
      for await (const { records } of log.read({ topic, partition }, 0, Infinity))
        found.push(...records.map(({ key, value }) => `${partition} ${String(key)} ${String(value)}`));
    const wanted = keys.map((key, i) => `${partitionOf(key, PARTITIONS)} ${key} value ${i}`);
    expect(found.sort()).toEqual(wanted.sort());
    await log.close();
  });

  it('that are quotes become the tables of a batch job, though they have no headers', async () => {
    const namespace = `foreign-${process.pid}`;
    const env = { KAFKA_BROKERS: brokers.join(), PULSE_NAMESPACE: namespace, PULSE_DATA_DIR: temporaryFolder() };
    expect(await pulse(['topics', 'create'], env)).toMatchObject({ code: 0 });
    const lines = gunzipSync(readFileSync(FEW_HOURS)).toString('utf8').trimEnd().split('\n');
    const quotes = lines.map((value) => ({ key: (JSON.parse(value) as { id: string }).id, value }));
    const topic = `${namespace}.coingecko.markets`;
    for (const [i, { produce }] of clients.entries())
      await produce(
        brokers,
        topic,
        quotes.filter((_, at) => at % clients.length === i),
      );
    expect(await pulse(['process', '--until-caught-up'], env)).toMatchObject({ code: 0 });

    const records = await readWithKcat(brokers, topic);
    expect(records.map(({ payload }) => payload).sort()).toEqual(lines.toSorted());
    const bytes = (text: string | null): Buffer | null => (text === null ? null : Buffer.from(text));
    const wanted = oracleTables(
      records.map(({ key, payload, ts }) => ({ key: bytes(key), value: bytes(payload), headers: {}, timestamp: ts })),
    );
    const table = (name: string) => readTopic(name, ['--latest-per-key'], env);
    expectEqualTable(await table('pulse.prices_hourly'), wanted.silver);
    expectEqualTable(await table('pulse.features_hourly'), wanted.features);
    expectEqualTable(await table('pulse.top_movers_24h'), wanted.movers);
  });
});
