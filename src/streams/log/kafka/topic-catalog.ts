import type Cluster from 'kafkajs/src/cluster/index.js';
import type { SchedulerLike } from 'rxjs';
import { type Sleep, sleepOn } from '../../clock/sleep.ts';
import { unknownPartition, unknownTopic } from '../local/topic-errors.ts';
import type { TopicPartition } from '../log.ts';
import { kafkaFailure } from './kafka-errors.ts';

/** A topic that was just made is known to every broker only after a moment: so often, and so long apart, it is looked for. */
const ATTEMPTS = 6;
const PAUSE_MS = 150;

/** How many partitions the topics have; what is not known is asked for, and what was found is remembered. */
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
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const known = this.#partitions.get(topic);
      if (known !== undefined) return known;
      if (attempt > 1) await this.#sleep(PAUSE_MS);
      await this.all();
    }
    throw unknownTopic(topic);
  }

  /** Rejects with `unknown-topic` where there is no such topic or partition. */
  async check(at: TopicPartition): Promise<void> {
    const partitions = await this.partitions(at.topic);
    const isThere = Number.isInteger(at.partition) && at.partition >= 0 && at.partition < partitions;
    if (!isThere) throw unknownPartition(at, partitions);
  }

  /** Every topic of the cluster with its number of partitions, as the broker asked knows it now. */
  async all(): Promise<ReadonlyMap<string, number>> {
    this.#check();
    try {
      await this.#cluster.connect();
      const { topicMetadata } = await this.#cluster.metadata();
      this.#partitions.clear();
      for (const { topic, partitionMetadata } of topicMetadata) this.#partitions.set(topic, partitionMetadata.length);
      return this.#partitions;
    } catch (error) {
      throw kafkaFailure(error, 'the list of topics');
    }
  }

  forget(topic: string): void {
    this.#partitions.delete(topic);
  }
}
