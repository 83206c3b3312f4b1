import type { Admin } from 'kafkajs';
import { PulseError } from '../../../errors.ts';
import type { Sleep } from '../../clock/sleep.ts';
import { checkSameTopic, checkTopicSpec, unknownTopic } from '../local/topic-errors.ts';
import type { TopicAdmin, TopicSpec } from '../log.ts';
import { kafkaFailure, protocolName } from './kafka-errors.ts';
import type { TopicCatalog } from './topic-catalog.ts';
import { cleanupOf, isStampedByBroker, lookedAt, settingsOf, type TopicSettings } from './topic-settings.ts';

/** Every broker hears of a new or a removed topic within this. */
const SETTLE_MS = 20_000;
const PAUSE_MS = 100;

/** Creates, checks and removes topics on a cluster. */
export class KafkaTopics implements TopicAdmin {
  readonly #admin: Admin;
  readonly #catalog: TopicCatalog;
  readonly #replicationFactor: number;
  readonly #sleep: Sleep;

  constructor(admin: Admin, catalog: TopicCatalog, replicationFactor: number, sleep: Sleep) {
    this.#sleep = sleep;
    this.#admin = admin;
    this.#catalog = catalog;
    this.#replicationFactor = replicationFactor;
  }

  async ensure(specs: readonly TopicSpec[]): Promise<void> {
    specs.forEach(checkTopicSpec);
    const there = await this.#found(specs.map(({ name }) => name));
    for (const spec of specs) {
      const found = there.get(spec.name);
      if (found !== undefined) checkFound(found, spec);
    }
    await this.#create(specs.filter(({ name }) => !there.has(name)));
  }

  async list(): Promise<readonly TopicSpec[]> {
    const names = [...(await this.#catalog.found('all')).keys()].filter((name) => !name.startsWith('__'));
    return (await this.#described(names)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  async describe(topic: string): Promise<TopicSpec | undefined> {
    return (await this.#described([topic]))[0];
  }

  id(topic: string): Promise<string | undefined> {
    return this.#catalog.id(topic);
  }

  async remove(topics: readonly string[]): Promise<void> {
    if (topics.length === 0) return;
    for (const topic of topics) if ((await this.#catalog.ask(topic)) === undefined) throw unknownTopic(topic);
    try {
      await this.#admin.deleteTopics({ topics: [...topics] });
    } catch (error) {
      throw kafkaFailure(error, `removing ${topics.join(', ')}`);
    }
    for (const topic of topics) await this.#settled(topic, (partitions) => partitions === undefined);
  }

  async #create(specs: readonly TopicSpec[]): Promise<void> {
    if (specs.length === 0) return;
    const topics = specs.map(({ name, partitions, cleanup }) => ({
      topic: name,
      numPartitions: partitions,
      replicationFactor: this.#replicationFactor,
      configEntries: Object.entries(settingsOf(cleanup)).map(([entry, value]) => ({ name: entry, value })),
    }));
    try {
      await this.#admin.createTopics({ topics, waitForLeaders: false });
    } catch (error) {
      // Another process creates the same ones at its start: they are checked below.
      if (protocolName(error) !== 'TOPIC_ALREADY_EXISTS') throw kafkaFailure(error, 'creating topics');
    }
    const names = specs.map(({ name }) => name);
    for (const name of names) await this.#settled(name, (partitions = 0) => partitions > 0);
    const found = await this.#found(names);
    for (const spec of specs) {
      const made = found.get(spec.name);
      if (made !== undefined) checkFound(made, spec);
    }
  }

  async #described(names: readonly string[]): Promise<readonly TopicSpec[]> {
    return [...(await this.#found(names))].map(([name, { partitions, cleanup }]) => ({ name, partitions, cleanup }));
  }

  /** Those that are there. On a cluster that others work on, too, topics go between the two questions: it asks again then. */
  async #found(names: readonly string[]): Promise<ReadonlyMap<string, FoundTopic>> {
    for (let attempt = 0; attempt < SETTLE_MS / PAUSE_MS; attempt++) {
      const all = names.length === 0 ? new Map<string, number>() : await this.#catalog.found(names);
      const there = names.filter((name) => all.has(name));
      if (there.length === 0) return new Map();
      const settings = await this.#catalog.settings(there, lookedAt);
      if (settings !== undefined) return foundTopics(all, settings);
      await this.#sleep(PAUSE_MS);
    }
    throw new PulseError('log-unavailable', `which topics there are is not settled after ${SETTLE_MS / 1000} s`);
  }

  async #settled(topic: string, isDone: (partitions: number | undefined) => boolean): Promise<void> {
    for (let attempt = 0; attempt < SETTLE_MS / PAUSE_MS; attempt++) {
      if (isDone(await this.#catalog.ask(topic))) return;
      await this.#sleep(PAUSE_MS);
    }
    throw new PulseError('log-unavailable', `${topic} is neither made nor removed after ${SETTLE_MS / 1000} s`);
  }
}

const foundTopics = (
  partitions: ReadonlyMap<string, number>,
  settings: ReadonlyMap<string, TopicSettings>,
): ReadonlyMap<string, FoundTopic> =>
  new Map(
    [...settings].map(([name, own]) => [
      name,
      {
        ...{ name, partitions: partitions.get(name) ?? 0 },
        ...{ cleanup: cleanupOf(own), isStampedByBroker: isStampedByBroker(own) },
      },
    ]),
  );

interface FoundTopic extends TopicSpec {
  /** Whether a record's timestamp is the time of its append, and not what its producer says. */
  readonly isStampedByBroker: boolean;
}

/** Throws `topic-mismatch` where the topic that is there is not the one that is wanted. */
function checkFound(found: FoundTopic, wanted: TopicSpec): void {
  checkSameTopic(found, wanted);
  if (found.isStampedByBroker) return;
  throw new PulseError(
    'topic-mismatch',
    `Topic ${wanted.name} is there with its producers' timestamps, wanted is the time of the append: set its ` +
      'message.timestamp.type to LogAppendTime.',
  );
}
