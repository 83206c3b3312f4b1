import kafkajs from 'kafkajs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { asyncScheduler } from 'rxjs';
import { simulatedSource } from '../../src/streams/1-ingest/simulated/simulated-source.ts';
import { registerCodecs } from '../../src/streams/log/kafka/codecs.ts';
import { openKafkaLog } from '../../src/streams/log/kafka/kafka-log.ts';
import { flow } from '../../src/streams/stages/flow.ts';
import { ensurePositions, genesisId } from '../../src/streams/task/genesis.ts';
import { topicNames, topicSpecs } from '../../src/streams/topics.ts';
import { thousands } from './figures.ts';
import { measured, type Timing, timingLine } from './measured.ts';
import { processed } from './processed.ts';

/*
 * Records a second, and processor time a record (of all threads of this process, the broker's not among them), from a
 * topic to committed tables with exactly once on, beside kafkajs merely consuming and JSON.parse-ing the same topic in the
 * same run. KAFKA_BROKERS names the cluster.
 */

const { values: options } = parseArgs({
  options: {
    records: { type: 'string', default: '500000' },
    coins: { type: 'string', default: '250' },
    partitions: { type: 'string', default: '4' },
    'commit-ms': { type: 'string', default: '500' },
    runs: { type: 'string', default: '3' },
    compression: { type: 'string', default: 'lz4' },
  },
});
const records = Number(options.records);
const coins = Number(options.coins);
const partitions = Number(options.partitions);
const intervalMs = Number(options['commit-ms']);
const codec = options.compression as 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
const brokers = (process.env['KAFKA_BROKERS'] ?? '127.0.0.1:9092').split(',');
const POLL_MS = 60_000;
const id = `bench-${Date.now()}`;

const log = await openKafkaLog({ brokers, codec });
const markets = topicNames(id).markets;
await fill();
const found: Record<'consume' | 'parse' | 'pipeline', Timing[]> = { consume: [], parse: [], pipeline: [] };
for (let run = 0; run < Number(options.runs); run++) {
  found.consume.push(await consume(`${id}-consume-${run}`, () => undefined));
  found.parse.push(await consume(`${id}-parse-${run}`, (value) => void JSON.parse(value.toString('utf8'))));
  found.pipeline.push(await processAll(run));
}
report();
await log.topics.remove(topicSpecs(id, partitions).map(({ name }) => name));
await log.close();

async function fill(): Promise<void> {
  await log.topics.ensure(topicSpecs(id, partitions));
  const source = simulatedSource({
    ...{ log, namespace: id, partitions, scheduler: asyncScheduler, count: records, quotesPerSecond: 'max' },
    market: { seed: 'bench', coins, exponent: 0, startTime: Date.UTC(2024, 0, 1), eventMsPerQuote: POLL_MS / coins },
  });
  const { wall } = await measured(async () => void (await source.run(new AbortController().signal)));
  console.log(
    `${thousands(records)} quotes, ${coins} coins, ${partitions} partitions, ${codec}; written at ${thousands(records / wall)} ` +
      `records/s, in transactions; a commit every ${intervalMs} ms at most, ${options.runs} runs`,
  );
}

async function consume(groupId: string, use: (value: Buffer) => void): Promise<Timing> {
  registerCodecs();
  const kafka = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 200, maxBytesPerPartition: 4 << 20 });
  await consumer.connect();
  await consumer.subscribe({ topics: [markets], fromBeginning: true });
  let seen = 0;
  const timing = await measured(
    () =>
      new Promise<void>((resolve) => {
        void consumer.run({
          autoCommit: false,
          eachBatch: async ({ batch }) => {
            for (const { value } of batch.messages) if (value !== null) use(value);
            seen += batch.messages.length;
            if (seen >= records) resolve();
          },
        });
      }),
  );
  await consumer.disconnect();
  return timing;
}

/** Both stages on the topic, from its beginning, with positions, state and outputs of their own. */
async function processAll(run: number): Promise<Timing> {
  const namespace = `${id}-${run}`;
  const names = { ...topicNames(namespace), markets };
  await log.topics.ensure(topicSpecs(namespace, partitions));
  await ensurePositions(log, names.positions, genesisId(namespace), flow(names), partitions);
  const path = mkdtempSync(join(tmpdir(), 'pulse-bench-'));
  const timing = await measured(() =>
    processed({ log, names, namespace, partitions, intervalMs, path }, () => Promise.resolve()),
  );
  rmSync(path, { recursive: true });
  await log.topics.remove(topicSpecs(namespace, partitions).map(({ name }) => name));
  return timing;
}

function report(): void {
  console.log(timingLine('kafkajs consuming', found.consume, records));
  console.log(timingLine('kafkajs consuming, and JSON.parse', found.parse, records));
  console.log(timingLine('topic to committed tables, exactly once', found.pipeline, records));
}
