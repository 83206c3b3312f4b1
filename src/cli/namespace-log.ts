import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { namespaceFolder } from '../config.ts';
import { PulseError } from '../errors.ts';
import type { Log, TopicSpec } from '../streams/log/log.ts';
import { openEmbeddedLog } from '../streams/log/embedded/embedded-log.ts';
import { inNamespace, type TopicNames, topicNames, topics, topicSpecs } from '../streams/topics.ts';
import type { Context } from './context.ts';
import { kafkaSettings } from './kafka-settings.ts';
import { DEMO } from './refuse-demo.ts';

/** A namespace's log, with its topics' names. */
export interface NamespaceLog {
  readonly log: Log;
  readonly names: TopicNames;
  readonly partitions: number;
}

/** Opens the namespace's log to write, and creates the topics that are missing. */
export async function openToWrite(context: Context): Promise<NamespaceLog> {
  const { settings } = context.config;
  const log = await openLog(context, 'write');
  try {
    await refuseOtherPartitions(context, log);
    await log.topics.ensure(topicSpecs(settings.namespace, settings.partitions));
  } catch (error) {
    await log.close();
    throw error;
  }
  return { log, names: topicNames(settings.namespace), partitions: settings.partitions };
}

/** Opens the namespace's log to read, beside a writer or without one; `file-unreadable` where it has none. */
export async function openToRead(context: Context): Promise<Log> {
  if (!mayHaveLog(context)) {
    const { dataDir, settings } = context.config;
    const where = settings.namespace === '' ? dataDir : `the namespace ${settings.namespace} (${dataDir})`;
    const demo = existsSync(join(namespaceFolder(settings.data_dir, DEMO), 'log'))
      ? `, or look at the demonstration's with --namespace ${DEMO}`
      : '';
    const first = 'run pulse start or pulse ingest first';
    throw new PulseError('file-unreadable', `there is no data in ${where} yet: ${first}${demo}`);
  }
  return openLog(context, 'read');
}

/** False where the namespace certainly has no log yet; a cluster is there before its topics are. */
export const mayHaveLog = (context: Context): boolean => isOnKafka(context) || existsSync(logFolder(context));

/** Whether the namespace's log is a Kafka cluster's, and not in the data folder. */
export const isOnKafka = ({ config }: Context): boolean => config.settings.kafka.brokers.length > 0;

async function openLog(context: Context, mode: 'read' | 'write'): Promise<Log> {
  if (!isOnKafka(context)) return openEmbeddedLog({ path: logFolder(context), mode, time: context.clock });
  // Loaded when it is needed: the client and its codecs would double the time that a command takes to start.
  const { openKafkaLog } = await import('../streams/log/kafka/kafka-log.ts');
  return openKafkaLog(kafkaSettings(context.config), context.clock);
}

/** The namespace's topics that are there: a cluster holds those of others as well. */
export async function ownTopics({ config }: Context, log: Log): Promise<readonly TopicSpec[]> {
  const { namespace, partitions } = config.settings;
  const found = topicSpecs(namespace, partitions).map(({ name }) => log.topics.describe(name));
  return (await Promise.all(found)).filter((spec) => spec !== undefined);
}

/** How many partitions the namespace was made with; undefined while it has none. */
export const partitionsMade = async ({ config }: Context, log: Log): Promise<number | undefined> =>
  (await log.topics.describe(inNamespace(config.settings.namespace, topics.markets.name)))?.partitions;

/** What to say, and to do, where the settings want another number of partitions than the namespace was made with. */
export const partitionsDiffer = (made: number, wanted: number): string =>
  `the namespace was made with ${made} partitions, the settings say ${wanted}: set PULSE_PARTITIONS=${made}, or name another namespace`;

async function refuseOtherPartitions(context: Context, log: Log): Promise<void> {
  const { partitions } = context.config.settings;
  const made = await partitionsMade(context, log);
  if (made !== undefined && made !== partitions)
    throw new PulseError('topic-mismatch', partitionsDiffer(made, partitions));
}

export const logFolder = ({ config }: Context): string => join(config.dataDir, 'log');

export const stateFolder = ({ config }: Context): string => join(config.dataDir, 'state');

export const viewFolder = ({ config }: Context): string => join(config.dataDir, 'view');
