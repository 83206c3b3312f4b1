import { checkSameTopic, checkTopicSpec } from '../local/topic-errors.ts';
import type { TopicAdmin } from '../log.ts';
import type { MemoryStore } from './memory-store.ts';

/** Creating, checking and removing the topics of a memory store. */
export function memoryTopics(store: () => MemoryStore): TopicAdmin {
  return {
    ensure: async (specs) => {
      for (const spec of specs) {
        checkTopicSpec(spec);
        const found = store().topics.get(spec.name);
        if (found !== undefined) checkSameTopic(found.spec, spec);
      }
      for (const spec of specs) if (!store().topics.has(spec.name)) store().create(spec);
    },
    list: async () => [...store().topics.values()].map((topic) => topic.spec),
    describe: async (name) => store().topics.get(name)?.spec,
    id: async (name) => store().topic(name).id,
    remove: async (names) => {
      for (const name of names) store().topic(name);
      for (const name of names) store().topics.delete(name);
    },
  };
}
