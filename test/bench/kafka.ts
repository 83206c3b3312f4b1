import kafkajs from 'kafkajs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { asyncScheduler } from 'rxjs';
import { simulatedSource } from '../../src/streams/1-ingest/simulated/simulated-source.ts';
import { registerCodecs } from '../../src/streams/log/kafka/codecs.ts';
import { openKafkaLog } from '../../src/streams/log/kafka/kafka-log.ts';
import { ensureFlowPositions } from '../../src/streams/stages/flow-positions.ts';
import { topicNames, topicSpecs } from '../../src/streams/topics.ts';
import { thousands } from './figures.ts';
import { Instances } from './kafka/instances.ts';
import { measured, type Timing, timingLine } from './measured.ts';

/*
 * Records a second, and processor time a record (of all threads of the processes at work, the broker's not among them),
 * from a topic to committed tables with exactly once on, by one process and by two, beside kafkajs merely consuming and
 * JSON.parse-ing the same topic in the same run. Every run has topics, positions and state of its own, and counts from when
 * its processes are told to join their groups until everything is committed. KAFKA_BROKERS names the cluster.
 */

const { values: options } = parseArgs({
  options: {
    records: { type: 'string', default: '2000000' },
    coins: { type: 'string', default: '250' },
    partitions: { type: 'string', default: '4' },
    'commit-ms': { type: 'string', default: '100' },
    runs: { type: 'string', default: '3' },
    compression: { type: 'string', default: 'zstd' },
  },
});
const records = Number(options.records);
const coins = Number(options.coins);
const partitions = Number(options.partitions);
const intervalMs = Number(options['commit-ms']);
const codec = options.compression as 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
const brokers = (process.env['KAFKA_BROKERS'] ?? '127.0.0.1:9092').split(',');
const POLL_MS = 60_000;
/** What fresh processes are given first: their code is compiled as it runs, which a program that stays up does once. */
const WARM_UP = 100_000;
const id = `bench-${Date.now()}`;

const log = await openKafkaLog({ brokers, codec });
const markets = topicNames(id).markets;
const warmUp = topicNames(`${id}-warm`).markets;
const processes = [new Instances(1), new Instances(2)] as const;
const found: Record<'consume' | 'parse' | 'one' | 'two', Timing[]> = { consume: [], parse: [], one: [], two: [] };
try {
  await fill(`${id}-warm`, WARM_UP);
  await fill(id, records);
  for (const [index, instances] of processes.entries()) await processAll(`warm-${index}`, warmUp, instances);
  for (let run = 0; run < Number(options.runs); run++) {
    found.consume.push(await consume(`${id}-consume-${run}`, () => undefined));
    found.parse.push(await consume(`${id}-parse-${run}`, (value) => void JSON.parse(value.toString('utf8'))));
    found.one.push(await processAll(`one-${run}`, markets, processes[0]));
    found.two.push(await processAll(`two-${run}`, markets, processes[1]));
  }
  report();
} finally {
  for (const instances of processes) await instances.stop();
  for (const namespace of [id, `${id}-warm`]) await removeTopics(namespace);
  await log.close();
}

async function removeTopics(namespace: string): Promise<void> {
  await log.topics.remove(topicSpecs(namespace, partitions).map(({ name }) => name));
}

async function fill(namespace: string, count: number): Promise<void> {
  await log.topics.ensure(topicSpecs(namespace, partitions));
  const source = simulatedSource({
    ...{ log, namespace, partitions, scheduler: asyncScheduler, count, quotesPerSecond: 'max' },
    market: { seed: 'bench', coins, exponent: 0, startTime: Date.UTC(2024, 0, 1), eventMsPerQuote: POLL_MS / coins },
  });
  const { wall } = await measured(async () => void (await source.run(new AbortController().signal)));
  console.log(
    `${thousands(count)} quotes, ${coins} coins, ${partitions} partitions, ${codec}; written at ${thousands(count / wall)} ` +
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
async function processAll(run: string, input: string, instances: Instances): Promise<Timing> {
  const namespace = `${id}-${run}`;
  const names = { ...topicNames(namespace), markets: input };
  await log.topics.ensure(topicSpecs(namespace, partitions));
  await ensureFlowPositions(log, namespace, partitions, asyncScheduler, names);
  const timing = await instances.process({ brokers, codec, namespace, names, partitions, intervalMs });
  await removeTopics(namespace);
  return timing;
}

function report(): void {
  console.log(timingLine('kafkajs consuming', found.consume, records));
  console.log(timingLine('kafkajs consuming, and JSON.parse', found.parse, records));
  console.log(timingLine('topic to committed tables, exactly once, 1 process', found.one, records));
  console.log(timingLine('the same, 2 processes', found.two, records));
}
