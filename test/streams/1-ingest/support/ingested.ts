import type { Log, TopicPartition } from '../../../../src/streams/log/log.ts';
import type { LogRecord } from '../../../../src/streams/log/record.ts';
import { createMemoryLog } from '../../../../src/streams/log/memory/memory-log.ts';
import { inNamespace, topicSpecs, topics } from '../../../../src/streams/topics.ts';

export const PARTITIONS = 4;

/** A log in memory with a namespace's topics. */
export async function emptyLog(namespace = ''): Promise<Log> {
  const log = createMemoryLog();
  await log.topics.ensure(topicSpecs(namespace, PARTITIONS));
  return log;
}

/** A record of `coingecko.markets`, readable. */
export interface Ingested {
  readonly partition: number;
  readonly key: string | null;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

export async function recordsOf(log: Log, at: TopicPartition): Promise<readonly LogRecord[]> {
  const { start, end } = await log.bounds(at);
  const records: LogRecord[] = [];
  for await (const batch of log.read(at, start, end)) records.push(...batch.records);
  return records;
}

/** All records of `coingecko.markets`, partition by partition. */
export async function ingested(log: Log, namespace = ''): Promise<readonly Ingested[]> {
  const topic = inNamespace(namespace, topics.markets.name);
  const found: Ingested[] = [];
  for (let partition = 0; partition < PARTITIONS; partition++) {
    for (const { key, value, headers } of await readable(log, { topic, partition })) {
      found.push({ partition, key, value, headers });
    }
  }
  return found;
}

async function readable(log: Log, at: TopicPartition): Promise<readonly Omit<Ingested, 'partition'>[]> {
  return (await recordsOf(log, at)).map((record) => ({
    key: record.key?.toString('utf8') ?? null,
    value: record.value?.toString('utf8') ?? '',
    headers: Object.fromEntries(
      Object.entries(record.headers()).map(([name, bytes]) => [name, bytes.toString('utf8')]),
    ),
  }));
}

/** The latest value of a key of `pulse.positions` or `pulse.tasks`. */
export async function latest(log: Log, topic: string, key: string): Promise<unknown> {
  const records = await recordsOf(log, { topic, partition: 0 });
  const record = records.findLast((each) => each.key?.toString('utf8') === key);
  return record?.value == null ? undefined : (JSON.parse(record.value.toString('utf8')) as unknown);
}
