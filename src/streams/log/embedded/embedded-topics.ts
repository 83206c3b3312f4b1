import { checkSameTopic, checkTopicSpec } from '../local/topic-errors.ts';
import type { TopicAdmin, TopicSpec } from '../log.ts';
import type { Catalog } from './catalog.ts';
import { condemn } from './condemned.ts';
import type { EmbeddedReads } from './embedded-reads.ts';
import type { Tables } from './tables.ts';
import type { Submit } from './write-queue.ts';

/** Creating, checking and removing the topics of an embedded log. */
export function embeddedTopics(reads: EmbeddedReads, catalog: Catalog, submit: Submit): TopicAdmin {
  const all = (): readonly TopicSpec[] => reads.topics().map(specOf);
  return {
    ensure: async (specs) => {
      specs.forEach(checkTopicSpec);
      await submit({ bytes: 0, run: (tables) => ensure(tables, catalog, specs) });
    },
    list: async () => all(),
    describe: async (name) => all().find((spec) => spec.name === name),
    id: async (name) => String(reads.topic(name).id),
    remove: async (names) => {
      await submit({ bytes: 0, run: (tables) => remove(tables, catalog, names) });
    },
  };
}

function ensure(tables: Tables, catalog: Catalog, specs: readonly TopicSpec[]): void {
  const there = catalog.all(tables);
  const missing = specs.filter((spec) => {
    const found = there.get(spec.name);
    if (found !== undefined) checkSameTopic(found, spec);
    return found === undefined;
  });
  for (const spec of missing) catalog.add(tables, spec);
}

/** The records go later, a few at a time: see `condemned.ts`. */
function remove(tables: Tables, catalog: Catalog, names: readonly string[]): void {
  const topics = names.map((name) => catalog.topic(tables, name));
  for (const topic of topics) {
    catalog.remove(tables, topic.name);
    condemn(tables, topic);
  }
}

const specOf = ({ name, partitions, cleanup }: TopicSpec): TopicSpec => ({ name, partitions, cleanup });
