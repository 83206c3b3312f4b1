import type { Consumer, ConsumerGroupJoinEvent, PartitionAssigner } from 'kafkajs';
import type { Subscription } from 'rxjs';
import { within } from '../../clock/within.ts';
import type { KafkaClient } from './kafka-client.ts';
import { kafkaFailure } from './kafka-errors.ts';

/** A member that is silent for longer is taken for dead. */
const SESSION_TIMEOUT_MS = 10_000;
/** A rebalance waits for so long for a member to come; as long, nothing is heard of the group. */
const REBALANCE_TIMEOUT_MS = 20_000;
/** Without a word for so long, it is not a rebalance that holds things up. */
const LOST_MS = REBALANCE_TIMEOUT_MS + SESSION_TIMEOUT_MS / 2;
const HEARTBEAT_MS = 1000;
const LOOK_MS = 1000;
/** The pace of kafkajs's loop that sends heartbeats, and so what leaving waits for. */
const LOOP_MS = 200;

export interface GroupConsumerParts {
  readonly client: KafkaClient;
  readonly group: string;
  readonly topics: readonly string[];
  readonly assigner: PartitionAssigner;
  /** Told at every rebalance, in the same turn in which the group's word becomes known. */
  readonly onJoined: (joined: ConsumerGroupJoinEvent['payload']) => void;
}

/**
 * kafkajs's consumer as a member of a group, which fetches nothing. It gives up on some errors for good, and asks a
 * coordinator that hangs for minutes: whenever the group has not been heard of for longer than a rebalance can take, another
 * consumer takes its place. One that was replaced, or left, may be in the middle of joining, where it can't be stopped: it
 * would hold partitions that nobody works on. So it is stopped when it is first heard of again.
 */
export class GroupConsumer {
  readonly #parts: GroupConsumerParts;
  #consumer: Consumer | undefined;
  #confirmedAt = -Infinity;
  #heardAt = -Infinity;
  #watch: Subscription | undefined;
  #isReplacing = false;
  #isLeaving = false;

  constructor(parts: GroupConsumerParts) {
    this.#parts = parts;
  }

  /**
   * When what the group last answered that this member is in it was asked. An answer may have lain here for as long as the
   * process slept, and is as old as its question.
   */
  get confirmedAt(): number {
    return this.#confirmedAt;
  }

  /** Whether the group may have taken it for dead by now. */
  get isInDoubt(): boolean {
    return this.#parts.client.time.now() - this.#confirmedAt > SESSION_TIMEOUT_MS;
  }

  /** Joins, and resolves when the group has given it its share. */
  async start(): Promise<void> {
    const { client, group } = this.#parts;
    try {
      await this.#begin();
    } catch (error) {
      throw kafkaFailure(error, `joining the group ${group}`);
    }
    const look = (): void => void (this.#silence > LOST_MS && this.#replace());
    this.#watch = client.time.schedule(function again() {
      look();
      this.schedule(undefined, LOOK_MS);
    }, LOOK_MS);
  }

  /** From here on it is not put back into the group when it drops out. */
  stopRejoining(): void {
    this.#isLeaving = true;
    this.#watch?.unsubscribe();
  }

  /** Leaves the group. */
  async stop(): Promise<void> {
    this.stopRejoining();
    await this.#dismiss();
  }

  get #silence(): number {
    return this.#parts.client.time.now() - this.#heardAt;
  }

  async #begin(): Promise<void> {
    const { topics, client } = this.#parts;
    const consumer = (this.#consumer = this.#create());
    /** By their kinds, as kafkajs names them: when the requests that were answered last were made. */
    const askedAt = new Map<string, number>();
    consumer.on(consumer.events.REQUEST, ({ payload: { apiName, pendingDuration, duration } }) => {
      askedAt.set(apiName, client.time.now() - pendingDuration - duration);
    });
    const joined = new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
        if (consumer !== this.#consumer) return;
        consumer.pause(topics.map((topic) => ({ topic })));
        this.#confirm(askedAt.get('SyncGroup'));
        this.#parts.onJoined(payload);
        resolve();
      });
      consumer.on(consumer.events.HEARTBEAT, () => {
        if (consumer === this.#consumer) this.#confirm(askedAt.get('Heartbeat'));
        else void consumer.disconnect().catch(() => undefined);
      });
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        if (payload.restart || consumer !== this.#consumer) return;
        this.#confirmedAt = this.#heardAt = -Infinity;
        reject(payload.error);
      });
    });
    // Where it drops out later, the watch sees to it.
    joined.catch(() => undefined);
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
      await consumer.run({ autoCommit: false, eachBatch: () => Promise.resolve() });
      await joined;
    } catch (error) {
      if (consumer === this.#consumer) void this.#dismiss();
      throw error;
    }
  }

  #create(): Consumer {
    const { client, group, assigner } = this.#parts;
    const isWanted = (): boolean => !this.#isLeaving && consumer === this.#consumer;
    const consumer = client.kafka.consumer({
      ...{ groupId: group, sessionTimeout: SESSION_TIMEOUT_MS, rebalanceTimeout: REBALANCE_TIMEOUT_MS },
      ...{ heartbeatInterval: HEARTBEAT_MS, maxWaitTimeInMs: LOOP_MS, allowAutoTopicCreation: false },
      partitionAssigners: [assigner],
      metadataMaxAge: client.metadataMaxAgeMs,
      retry: { initialRetryTime: 100, maxRetryTime: 2000, retries: 10, restartOnFailure: async () => isWanted() },
    });
    return consumer;
  }

  /** From here on it is nobody's consumer; what it still says is not listened to. */
  async #dismiss(): Promise<void> {
    const consumer = this.#consumer;
    this.#consumer = undefined;
    await consumer?.disconnect().catch(() => undefined);
  }

  #confirm(askedAt = -Infinity): void {
    this.#confirmedAt = askedAt;
    this.#heardAt = this.#parts.client.time.now();
  }

  async #replace(): Promise<void> {
    if (this.#isReplacing) return;
    this.#isReplacing = true;
    void this.#dismiss();
    const late = (): Error => new Error('the group has not answered');
    await within(this.#begin(), LOST_MS, this.#parts.client.time, late).catch(() => void this.#dismiss());
    if (this.#isLeaving) await this.stop();
    this.#isReplacing = false;
  }
}
