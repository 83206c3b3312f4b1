import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { QuoteGenerator } from '../../src/streams/1-ingest/simulated/quote-generator.ts';
import type { Codec } from '../../src/streams/log/kafka/codecs.ts';
import { openKafkaLog } from '../../src/streams/log/kafka/kafka-log.ts';
import { partitionOf } from '../../src/streams/log/partition-of.ts';
import { storedBytes } from '../kafka/support/stored-bytes.ts';
import { oracleTables } from '../support/oracle/oracle-tables.ts';
import { recordedRecords } from '../support/oracle/recorded-records.ts';
import { median, thousands } from './figures.ts';
import { measured, type Timing } from './measured.ts';

/*
 * What each codec costs and saves on a cluster: records a second and processor time a record (of all threads of this
 * process) for sending in transactions, and for fetching and decoding; and the bytes that the broker keeps. Of quotes of
 * 850 bytes, and of rows of pulse.features_hourly. The codecs take turns, so that what else the machine does hits all
 * alike. KAFKA_BROKERS names the cluster (of one broker); with --broker-pid its processor time is counted as well.
 */

const { values: options } = parseArgs({
  options: {
    records: { type: 'string', default: '100000' },
    runs: { type: 'string', default: '3' },
    'per-commit': { type: 'string', default: '2000' },
    'broker-pid': { type: 'string' },
  },
});
const records = Number(options.records);
const perCommit = Number(options['per-commit']);
const brokers = (process.env['KAFKA_BROKERS'] ?? '127.0.0.1:9092').split(',');
const PARTITIONS = 4;
const COINS = 250;
const CLOCK_TICKS_A_SECOND = 100;
const SAMPLE = resolve('data/sample/market-2023-12.ndjson.gz');
const codecs: readonly Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

interface Keyed {
  readonly key: string;
  readonly value: string;
}

interface Found {
  readonly send: readonly Timing[];
  readonly fetch: readonly Timing[];
  /** Of the broker, for both. */
  readonly brokerSeconds: readonly number[];
  readonly bytes: number;
}

for (const [what, payload] of [
  ['quotes', quotes()],
  ['rows of features', rows()],
] as const) {
  const size = payload.reduce((sum, { key, value }) => sum + key.length + value.length, 0) / payload.length;
  console.log(
    `${thousands(records)} ${what} of ${Math.round(size)} bytes with their keys, ${PARTITIONS} partitions, ` +
      `${thousands(perCommit)} a transaction, ${options.runs} runs`,
  );
  const found = new Map<Codec, Found>();
  for (const codec of codecs) await run(codec, payload.slice(0, 20_000), `warm-up-${codec}`);
  for (let turn = 0; turn < Number(options.runs); turn++)
    for (const codec of codecs)
      found.set(codec, together(found.get(codec), await run(codec, payload, `${turn}-${codec}`)));
  for (const [codec, figures] of found) console.log(line(codec, figures));
}

async function run(codec: Codec, payload: readonly Keyed[], name: string): Promise<Found> {
  const topic = `bench-codecs-${process.pid}-${name}`;
  const log = await openKafkaLog({ brokers, codec });
  await log.topics.ensure([{ name: topic, partitions: PARTITIONS, cleanup: { kind: 'purge' } }]);
  const writer = await log.writer(topic);
  const before = brokerSeconds();
  const send = await measured(async () => {
    for (let at = 0; at < payload.length; at += perCommit)
      await writer.commit(
        payload
          .slice(at, at + perCommit)
          .map(({ key, value }) => ({ topic, partition: partitionOf(key, PARTITIONS), key, value })),
      );
  });
  const fetch = await measured(async () => {
    let read = 0;
    for (let partition = 0; partition < PARTITIONS; partition++)
      for await (const batch of log.read({ topic, partition }, 0, Infinity))
        for (const { key, value } of batch.records) if (key !== null && value !== null) read++;
    if (read !== payload.length) throw new Error(`read ${read} of ${payload.length}`);
  });
  const spent = brokerSeconds() - before;
  const bytes = await storedBytes(brokers, topic);
  await log.topics.remove([topic]);
  await log.close();
  return { send: [send], fetch: [fetch], brokerSeconds: [spent], bytes };
}

function together(one: Found | undefined, other: Found): Found {
  return {
    send: [...(one?.send ?? []), ...other.send],
    fetch: [...(one?.fetch ?? []), ...other.fetch],
    brokerSeconds: [...(one?.brokerSeconds ?? []), ...other.brokerSeconds],
    bytes: other.bytes,
  };
}

function line(codec: Codec, { send, fetch, brokerSeconds: spent, bytes }: Found): string {
  const rate = (timings: readonly Timing[]): string =>
    thousands(median(timings.map(({ wall }) => records / wall))).padStart(8);
  const micros = (seconds: readonly number[]): string => ((median(seconds) / records) * 1e6).toFixed(1).padStart(5);
  const cpu = (timings: readonly Timing[]): string => micros(timings.map((timing) => timing.cpu));
  const broker = options['broker-pid'] === undefined ? '' : `   broker ${micros(spent)} µs`;
  return (
    `  ${codec.padEnd(7)} send ${rate(send)} records/s ${cpu(send)} µs   fetch ${rate(fetch)} records/s ${cpu(fetch)} µs` +
    `${broker}   ${(bytes / records).toFixed(0).padStart(4)} bytes a record on disk`
  );
}

/** Processor time of the broker's process so far; 0 where it is not named. Fields 14 and 15 of `/proc/<pid>/stat`. */
function brokerSeconds(): number {
  const pid = options['broker-pid'];
  if (pid === undefined) return 0;
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_A_SECOND;
}

function quotes(): readonly Keyed[] {
  const generator = new QuoteGenerator({
    ...{ seed: 'bench', coins: COINS, exponent: 0, startTime: Date.UTC(2024, 0, 1), eventMsPerQuote: 60_000 / COINS },
  });
  return Array.from({ length: records }, () => {
    const { coinId, json } = generator.next();
    return { key: coinId, value: json };
  });
}

/** Those of the recorded market, as often as it takes. */
function rows(): readonly Keyed[] {
  const table = [...oracleTables(recordedRecords(SAMPLE)).features];
  return Array.from({ length: records }, (_, i) => {
    const [key, row] = table[i % table.length] ?? ['', {}];
    return { key, value: JSON.stringify(row) };
  });
}
