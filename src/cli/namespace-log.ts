import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PulseError } from '../errors.ts';
import type { Log } from '../streams/log/log.ts';
import { openEmbeddedLog } from '../streams/log/embedded/embedded-log.ts';
import { inNamespace, type TopicNames, topicNames, topics, topicSpecs } from '../streams/topics.ts';
import type { Context } from './context.ts';

/** A namespace's log, with its topics' names. */
export interface NamespaceLog {
  readonly log: Log;
  readonly names: TopicNames;
  readonly partitions: number;
}

/** Opens the namespace's log to write, and creates the topics that are missing. */
export async function openToWrite(context: Context): Promise<NamespaceLog> {
  const { settings } = context.config;
  const log = await openEmbeddedLog({ path: logFolder(context), mode: 'write', time: context.clock });
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
  if (!existsSync(logFolder(context))) {
    const { dataDir, settings } = context.config;
    const where = settings.namespace === '' ? dataDir : `the namespace ${settings.namespace} (${dataDir})`;
    throw new PulseError('file-unreadable', `there is no data in ${where} yet: run pulse start or pulse ingest first`);
  }
  return openEmbeddedLog({ path: logFolder(context), mode: 'read', time: context.clock });
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
