import { flow } from '../streams/stages/flow.ts';
import { stageGroup } from '../streams/task/stage-group.ts';
import { topicNames } from '../streams/topics.ts';
import type { Context } from './context.ts';
import { kafkaSettings } from './kafka-settings.ts';
import { isOnKafka } from './namespace-log.ts';

/**
 * How many processes are in the group of each stage of the namespace, by the stage's name; undefined on the embedded log,
 * whose groups live in its one writer. One that was killed counts for 10 s more.
 */
export async function stageMembers(context: Context): Promise<ReadonlyMap<string, number> | undefined> {
  if (!isOnKafka(context)) return undefined;
  const { namespace } = context.config.settings;
  const groups = flow(topicNames(namespace)).map(({ name }) => ({ name, group: stageGroup(namespace, name) }));
  const { groupMembers } = await import('../streams/log/kafka/diagnostics/group-members.ts');
  const found = await groupMembers(
    kafkaSettings(context.config),
    context.clock,
    groups.map(({ group }) => group),
  );
  return new Map(groups.map(({ name, group }) => [name, found.get(group) ?? 0]));
}
