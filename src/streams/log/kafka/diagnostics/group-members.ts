import type { SchedulerLike } from 'rxjs';
import { KafkaClient, type KafkaSettings } from '../kafka-client.ts';
import { kafkaFailure } from '../kafka-errors.ts';

/**
 * How many members each of the consumer groups has; 0 for one that is not there. A member that was killed counts until
 * its session is over, which takes 10 s.
 */
export async function groupMembers(
  settings: KafkaSettings,
  time: SchedulerLike,
  groups: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const admin = new KafkaClient(settings, time).admin();
  try {
    await admin.connect();
    const found = await admin.describeGroups([...groups]);
    return new Map(found.groups.map(({ groupId, members }) => [groupId, members.length]));
  } catch (error) {
    throw kafkaFailure(error, `the members of ${groups.join(', ')}`);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
