import type Cluster from 'kafkajs/src/cluster/index.js';
import type { SchedulerLike } from 'rxjs';
import { type Sleep, sleepOn } from '../../clock/sleep.ts';
import { unknownPartition, unknownTopic } from '../local/topic-errors.ts';
import type { TopicPartition } from '../log.ts';
import { kafkaFailure, protocolName } from './kafka-errors.ts';

/** A topic that was just made is known to every broker only after a moment: so often, and so long apart, it is looked for. */
const ATTEMPTS = 6;
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

  /** `check` throws where nothing may be asked any more. */
  constructor(cluster: Cluster, time: SchedulerLike, check: () => void) {
    this.#check = check;
    this.#cluster = cluster;
    this.#sleep = sleepOn(time);
  }

  /** The topic's number of partitions. Rejects with `unknown-topic`. */
  async partitions(topic: string): Promise<number> {
    this.#check();
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
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

  /** The topic's number of partitions as the broker asked knows it now; undefined where it knows of no such topic. */
  async ask(topic: string): Promise<number | undefined> {
    try {
      const found = (await this.#metadata([topic])).get(topic);
      if (found === undefined) this.#partitions.delete(topic);
      else this.#partitions.set(topic, found);
      return found;
    } catch (error) {
      if (protocolName(error) !== 'UNKNOWN_TOPIC_OR_PARTITION') throw kafkaFailure(error, topic);
      this.#partitions.delete(topic);
      return undefined;
    }
  }

  /** Every topic of the cluster with its number of partitions. */
  async all(): Promise<ReadonlyMap<string, number>> {
    try {
      return await this.#metadata([]);
    } catch (error) {
      throw kafkaFailure(error, 'the list of topics');
    }
  }

  /** Of every topic where none are named. */
  async #metadata(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    this.#check();
    await this.#cluster.connect();
    const { topicMetadata } = await this.#cluster.metadata({ topics });
    return new Map(topicMetadata.map(({ topic, partitionMetadata }) => [topic, partitionMetadata.length]));
  }
}
