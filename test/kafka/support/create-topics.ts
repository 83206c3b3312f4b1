import type { Admin, ITopicConfig } from 'kafkajs';
import { expect } from 'vitest';

/**
 * Creates topics as others do, and waits until their partitions have leaders: kafkajs's own `waitForLeaders` fails where the
 * broker has not heard of them yet.
 */
export async function createTopics(admin: Admin, topics: readonly ITopicConfig[]): Promise<void> {
  await admin.createTopics({ topics: [...topics], waitForLeaders: false });
  const names = topics.map(({ topic }) => topic);
  const leaders = async (): Promise<readonly number[]> => {
    const found = await admin.fetchTopicMetadata({ topics: names }).catch(() => ({ topics: [] }));
    return found.topics.map(({ partitions }) => Math.min(...partitions.map(({ leader }) => leader)));
  };
  await expect.poll(async () => (await leaders()).filter((leader) => leader >= 0).length).toBe(names.length);
}
