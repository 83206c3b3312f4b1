import { z } from 'zod';
import { unknownPartition, unknownTopic } from '../local/topic-errors.ts';
import type { TopicPartition, TopicSpec } from '../log.ts';
import { emptyPartition, writeState } from './partition-state.ts';
import type { Tables } from './tables.ts';

const storedTopic = z.object({
  id: z.number().int(),
  partitions: z.number().int(),
  cleanup: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('compact') }),
    z.object({ kind: z.literal('delete'), retentionMs: z.number() }),
    z.object({ kind: z.literal('purge') }),
  ]),
});

/** A topic as stored: its id is new each time a topic of that name is created. */
export interface StoredTopic extends TopicSpec {
  readonly id: number;
}

const VERSION_KEY = 'catalog';
const NEXT_ID_KEY = 'nextTopicId';
const TOPIC = 'topic';

/** The topics of a log, read again only after somebody, in any process, has changed them. */
export class Catalog {
  #version = -1;
  #topics = new Map<string, StoredTopic>();

  /** Every topic, as of the current transaction. */
  all(tables: Tables): ReadonlyMap<string, StoredTopic> {
    const version = counter(tables, VERSION_KEY);
    if (version !== this.#version) {
      this.#topics = readTopics(tables);
      this.#version = version;
    }
    return this.#topics;
  }

  /** Throws `unknown-topic` where there is no such topic. */
  topic(tables: Tables, name: string): StoredTopic {
    const topic = this.all(tables).get(name);
    if (topic === undefined) throw unknownTopic(name);
    return topic;
  }

  /** The topic of a partition. Throws `unknown-topic` where there is no such topic or partition. */
  topicOf(tables: Tables, at: TopicPartition): StoredTopic {
    const topic = this.topic(tables, at.topic);
    const isThere = Number.isInteger(at.partition) && at.partition >= 0 && at.partition < topic.partitions;
    if (!isThere) throw unknownPartition(at, topic.partitions);
    return topic;
  }

  /** Throws `unknown-topic` where the topic has been removed since it was looked up. */
  checkThere(tables: Tables, { id, name }: StoredTopic): void {
    if (this.topic(tables, name).id !== id) throw unknownTopic(name);
  }

  /** Adds a topic; to be called in a write transaction. */
  add(tables: Tables, { name, partitions, cleanup }: TopicSpec): void {
    const id = counter(tables, NEXT_ID_KEY);
    for (let partition = 0; partition < partitions; partition++) writeState(tables, id, partition, emptyPartition);
    tables.meta.putSync([TOPIC, name], { id, partitions, cleanup });
    tables.meta.putSync(NEXT_ID_KEY, id + 1);
    this.#touch(tables);
  }

  /** Takes a topic out; to be called in a write transaction. Its records are left to whoever calls. */
  remove(tables: Tables, name: string): void {
    tables.meta.removeSync([TOPIC, name]);
    this.#touch(tables);
  }

  #touch(tables: Tables): void {
    tables.meta.putSync(VERSION_KEY, counter(tables, VERSION_KEY) + 1);
    // The transaction may yet fail: what was read in it is not to be kept.
    this.#version = -1;
  }
}

function readTopics(tables: Tables): Map<string, StoredTopic> {
  const topics = new Map<string, StoredTopic>();
  for (const { key, value } of tables.meta.getRange({ start: [TOPIC], end: [TOPIC, '\uffff'] })) {
    const name = String(key[1]);
    topics.set(name, { name, ...storedTopic.parse(value) });
  }
  return topics;
}

/** A number under a key of the meta table, 0 where there is none; looked up with every batch that is read. */
function counter(tables: Tables, key: string): number {
  const value = tables.meta.get(key) ?? 0;
  return typeof value === 'number' ? value : z.number().parse(value);
}
