import type { Admin } from 'kafkajs';
import { expect, it } from 'vitest';
import { KafkaTopics } from '../../../../src/streams/log/kafka/kafka-topics.ts';
import type { TopicCatalog } from '../../../../src/streams/log/kafka/topic-catalog.ts';

/** Topics of which, each time that their settings are asked for, the last one has just been removed by somebody else. */
function vanishing(names: string[], left: number): Pick<TopicCatalog, 'found' | 'settings'> {
  return {
    found: () => Promise.resolve(new Map(names.map((name) => [name, 2]))),
    settings: (asked) => {
      if (names.length > left) names.pop();
      const isThere = asked.every((name) => names.includes(name));
      return Promise.resolve(
        isThere ? new Map(asked.map((name) => [name, { 'cleanup.policy': 'compact' }])) : undefined,
      );
    },
  };
}

const topicsOf = (catalog: Pick<TopicCatalog, 'found' | 'settings'>): KafkaTopics =>
  new KafkaTopics({} as Admin, catalog as TopicCatalog, -1, () => Promise.resolve());

it('lists the topics that stay while others go', async () => {
  const list = await topicsOf(vanishing(['b', 'a', 'c', 'd'], 2)).list();
  expect(list).toEqual(['a', 'b'].map((name) => ({ name, partitions: 2, cleanup: { kind: 'compact' } })));
  expect(await topicsOf(vanishing(['a', 'b'], 0)).list()).toEqual([]);
});

it('gives up where that never ends', async () => {
  const catalog: Pick<TopicCatalog, 'found' | 'settings'> = {
    found: () => Promise.resolve(new Map([['a', 1]])),
    settings: () => Promise.resolve(undefined),
  };
  await expect(topicsOf(catalog).list()).rejects.toMatchObject({ code: 'log-unavailable' });
});
