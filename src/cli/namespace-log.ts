import { join } from 'node:path';
import type { Log } from '../streams/log/log.ts';
import { openEmbeddedLog } from '../streams/log/embedded/embedded-log.ts';
import { type TopicNames, topicNames, topicSpecs } from '../streams/topics.ts';
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
    await log.topics.ensure(topicSpecs(settings.namespace, settings.partitions));
  } catch (error) {
    await log.close();
    throw error;
  }
  return { log, names: topicNames(settings.namespace), partitions: settings.partitions };
}

/** Opens the namespace's log to read, beside a writer or without one. */
export async function openToRead(context: Context): Promise<Log> {
  return openEmbeddedLog({ path: logFolder(context), mode: 'read', time: context.clock });
}

export const logFolder = ({ config }: Context): string => join(config.dataDir, 'log');

export const stateFolder = ({ config }: Context): string => join(config.dataDir, 'state');

export const viewFolder = ({ config }: Context): string => join(config.dataDir, 'view');
