import type { Admin } from 'kafkajs';
import { PulseError } from '../../../errors.ts';
import type { Sleep } from '../../clock/sleep.ts';
import { checkSameTopic, checkTopicSpec, unknownTopic } from '../local/topic-errors.ts';
import type { TopicAdmin, TopicSpec } from '../log.ts';
import { kafkaFailure, protocolName } from './kafka-errors.ts';
import type { TopicCatalog } from './topic-catalog.ts';
import { cleanupOf, lookedAt, settingsOf } from './topic-settings.ts';

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
    const there = new Map((await this.#described(specs.map(({ name }) => name))).map((found) => [found.name, found]));
    for (const spec of specs) {
      const found = there.get(spec.name);
      if (found !== undefined) checkSameTopic(found, spec);
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
    const found = new Map((await this.#described(names)).map((spec) => [spec.name, spec]));
    for (const spec of specs) {
      const made = found.get(spec.name);
      if (made !== undefined) checkSameTopic(made, spec);
    }
  }

  /** Those that are there. */
  async #described(names: readonly string[]): Promise<readonly TopicSpec[]> {
    const all = names.length === 0 ? new Map<string, number>() : await this.#catalog.found(names);
    const there = names.filter((name) => all.has(name));
    if (there.length === 0) return [];
    const settings = await this.#catalog.settings(there, lookedAt);
    return [...settings].map(([name, found]) => ({
      name,
      partitions: all.get(name) ?? 0,
      cleanup: cleanupOf(found),
    }));
  }

  async #settled(topic: string, isDone: (partitions: number | undefined) => boolean): Promise<void> {
    for (let attempt = 0; attempt < SETTLE_MS / PAUSE_MS; attempt++) {
      if (isDone(await this.#catalog.ask(topic))) return;
      await this.#sleep(PAUSE_MS);
    }
    throw new PulseError('log-unavailable', `${topic} is neither made nor removed after ${SETTLE_MS / 1000} s`);
  }
}
