import { PulseError } from '../errors.ts';
import type { Cleanup, Log, TopicPartition } from '../streams/log/log.ts';
import { inNamespace, topics, topicSpecs } from '../streams/topics.ts';
import type { Context } from './context.ts';
import { openToRead, openToWrite, ownTopics } from './namespace-log.ts';

/** `pulse topics list`: a line for every topic of the namespace. */
export async function listTopics(context: Context): Promise<void> {
  const log = await openToRead(context);
  try {
    for (const { name, partitions, cleanup } of await ownTopics(context, log)) {
      const records = await countOffsets(log, name, partitions);
      await context.out.result(
        `${name.padEnd(32)} ${partitions} partitions  ${cleanupText(cleanup).padEnd(16)} ${records}`,
      );
    }
  } finally {
    await log.close();
  }
}

/** `pulse topics create`: makes the topics that are missing, and checks the others. */
export async function createTopics(context: Context): Promise<void> {
  const { log } = await openToWrite(context);
  try {
    const { namespace, partitions } = context.config.settings;
    for (const { name } of topicSpecs(namespace, partitions)) await context.out.result(name);
  } finally {
    await log.close();
  }
}

/** `pulse topics describe`: the topic's purpose, and where every partition begins and ends. */
export async function describeTopic(context: Context, topic: string): Promise<void> {
  const log = await openToRead(context);
  try {
    const { name, partitions, cleanup } = await findTopic(context, log, topic);
    const known = Object.values(topics).find(
      (one) => inNamespace(context.config.settings.namespace, one.name) === name,
    );
    await context.out.result(`${name}: ${partitions} partitions, ${cleanupText(cleanup)}`);
    if (known) await context.out.result(`  key: ${known.key}\n  value: ${known.value}`);
    for (let partition = 0; partition < partitions; partition++) {
      const { start, end } = await log.bounds({ topic: name, partition });
      await context.out.result(`  partition ${partition}: offsets ${start} to ${end}`);
    }
  } finally {
    await log.close();
  }
}

/** The topic as it is named in the namespace, whether the prefix was given or not; `unknown-topic` names those there are. */
export async function findTopic(
  context: Context,
  log: Log,
  topic: string,
): Promise<{ readonly name: string; readonly partitions: number; readonly cleanup: Cleanup }> {
  const found =
    (await log.topics.describe(inNamespace(context.config.settings.namespace, topic))) ??
    (await log.topics.describe(topic));
  if (found !== undefined) return found;
  const names = (await ownTopics(context, log)).map(({ name }) => name).join(', ');
  throw new PulseError('unknown-topic', `there is no topic ${topic}; there are: ${names || 'none'}`);
}

/** Every partition of a topic. */
export const partitionsOf = (topic: string, partitions: number): readonly TopicPartition[] =>
  Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));

/** A partition that no broker leads can't be counted, which is no reason to list no others. */
async function countOffsets(log: Log, topic: string, partitions: number): Promise<string> {
  let offsets = 0;
  try {
    for (const at of partitionsOf(topic, partitions)) {
      const { start, end } = await log.bounds(at);
      offsets += end - start;
    }
    return `${offsets} offsets`;
  } catch (error) {
    if (!(error instanceof PulseError) || error.code !== 'log-unavailable') throw error;
    return 'not all of it can be read: see pulse doctor';
  }
}

function cleanupText(cleanup: Cleanup): string {
  switch (cleanup.kind) {
    case 'compact':
      return 'compacted';
    case 'delete':
      return `kept ${cleanup.retentionMs / 86_400_000} days`;
    case 'purge':
      return 'purged when read';
  }
}
