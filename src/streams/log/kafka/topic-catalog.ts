import kafkajs from 'kafkajs';
import type Cluster from 'kafkajs/src/cluster/index.js';
import type { SchedulerLike } from 'rxjs';
import { type Sleep, sleepOn } from '../../clock/sleep.ts';
import { unknownPartition, unknownTopic } from '../local/topic-errors.ts';
import type { TopicPartition } from '../log.ts';
import { readMetadata } from './cluster-metadata.ts';
import { kafkaFailure, protocolName } from './kafka-errors.ts';
import { readTopicId } from './topic-id.ts';
import type { TopicSettings } from './topic-settings.ts';

/** A topic that was just made is known to every broker only after a moment: so often, and so long apart, it is looked for. */
const ATTEMPTS = 6;
/** One that was there before is gone for good only if it stays away: a broker that has just started may not know it yet. */
const ATTEMPTS_FOR_KNOWN = 40;
const PAUSE_MS = 150;

/**
 * How many partitions the topics have; what was found is remembered. Topics are asked about one by one: in an answer about
 * all, kafkajs takes one topic without a leader, whoever's it is, for a failure of the whole.
 */
export class TopicCatalog {
  readonly #cluster: Cluster;
  readonly #sleep: Sleep;
  readonly #check: () => void;
  readonly #partitions = new Map<string, number>();
  readonly #seen = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();

  /** `check` throws where nothing may be asked any more. */
  constructor(cluster: Cluster, time: SchedulerLike, check: () => void) {
    this.#check = check;
    this.#cluster = cluster;
    this.#sleep = sleepOn(time);
  }

  /** The topic's number of partitions. Rejects with `unknown-topic`. */
  async partitions(topic: string): Promise<number> {
    this.#check();
    const attempts = this.#seen.has(topic) ? ATTEMPTS_FOR_KNOWN : ATTEMPTS;
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const known = this.#partitions.get(topic) ?? (await this.ask(topic));
      if (known !== undefined) return known;
      await this.#sleep(PAUSE_MS);
    }
    throw unknownTopic(topic);
  }

  /** Rejects with `unknown-topic` where there is no such topic or partition. */
  async check(at: TopicPartition): Promise<void> {
    const partitions = await this.partitions(at.topic);
    const isThere = Number.isInteger(at.partition) && at.partition >= 0 && at.partition < partitions;
    if (!isThere) throw unknownPartition(at, partitions);
  }

  /** Asks about the topics anew when they are next wanted: what was sent to one of them failed, and it may be gone. */
  forget(topics: readonly string[]): void {
    for (const topic of topics) this.#partitions.delete(topic);
  }

  /** The topic's number of partitions as the broker asked knows it now; undefined where it knows of no such topic. */
  ask(topic: string): Promise<number | undefined> {
    // One at a time: kafkajs answers those who ask at once with what the first of them asked for.
    const asked = this.#last.then(() => this.#ask(topic));
    this.#last = asked.catch(() => undefined);
    return asked;
  }

  /** Those that are there of the topics, or of all in the cluster, with their partitions, whether or not these have a leader. */
  async found(topics: readonly string[] | 'all'): Promise<ReadonlyMap<string, number>> {
    this.#check();
    try {
      const { topics: found } = await readMetadata(this.#cluster, topics);
      return new Map(found.map(({ name, partitions }) => [name, partitions.length]));
    } catch (error) {
      throw kafkaFailure(error, 'the list of topics');
    }
  }

  /** The topic's id; undefined where the cluster gives topics none. Rejects with `unknown-topic`. */
  async id(topic: string): Promise<string | undefined> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      this.#check();
      const found = await readTopicId(this.#cluster, topic).catch((error: unknown) => {
        throw kafkaFailure(error, `the id of ${topic}`);
      });
      if (found.kind !== 'no-topic') return found.kind === 'id' ? found.id : undefined;
      await this.#sleep(PAUSE_MS);
    }
    throw unknownTopic(topic);
  }

  /**
   * The settings of topics that are there, those of the names; undefined where one of them is there no more, as a broker's answer
   * about the others is lost then. Asked of a broker directly: kafkajs's admin first wants the metadata of every topic of the
   * cluster, and gives up where one has no leader.
   */
  async settings(
    topics: readonly string[],
    configNames: readonly string[],
  ): Promise<ReadonlyMap<string, TopicSettings> | undefined> {
    this.#check();
    try {
      if (!this.#cluster.isConnected()) await this.#cluster.connect();
      const broker = await this.#cluster.brokerPool.findConnectedBroker();
      const type = kafkajs.ConfigResourceTypes.TOPIC;
      const resources = topics.map((name) => ({ type, name, configNames: [...configNames] }));
      const { resources: found } = await broker.describeConfigs({ resources, includeSynonyms: false });
      return new Map(
        found.map(({ resourceName, configEntries }) => [
          resourceName,
          Object.fromEntries(configEntries.map(({ configName, configValue }) => [configName, configValue])),
        ]),
      );
    } catch (error) {
      if (protocolName(error) === 'UNKNOWN_TOPIC_OR_PARTITION') return undefined;
      throw kafkaFailure(error, 'the settings of the topics');
    }
  }

  async #ask(topic: string): Promise<number | undefined> {
    this.#check();
    try {
      await this.#cluster.connect();
      this.#cluster.targetTopics = new Set([topic]);
      await this.#cluster.refreshMetadata();
      const found = this.#cluster.findTopicPartitionMetadata(topic).length;
      if (found > 0) this.#partitions.set(topic, found);
      if (found > 0) this.#seen.add(topic);
      return found > 0 ? found : undefined;
    } catch (error) {
      if (protocolName(error) !== 'UNKNOWN_TOPIC_OR_PARTITION') throw kafkaFailure(error, topic);
      this.#partitions.delete(topic);
      return undefined;
    }
  }
}
