import type { Consumer, ConsumerGroupJoinEvent } from 'kafkajs';
import { PulseError } from '../../../errors.ts';
import type { GroupMember, Membership } from '../log.ts';
import type { KafkaClient } from './kafka-client.ts';
import { kafkaFailure } from './kafka-errors.ts';
import { KafkaSource } from './kafka-source.ts';
import { partitionName } from './partition-name.ts';
import { stickyAssigner } from './sticky-assigner.ts';
import type { TopicCatalog } from './topic-catalog.ts';

/** A member that is silent for longer is taken for dead. */
const SESSION_TIMEOUT_MS = 10_000;
const REBALANCE_TIMEOUT_MS = 20_000;
const HEARTBEAT_MS = 1000;
/** The pace of kafkajs's loop that sends heartbeats, and so what leaving waits for. */
const LOOP_MS = 200;

export interface MembershipParts {
  readonly client: KafkaClient;
  readonly catalog: TopicCatalog;
  readonly group: string;
  readonly topics: readonly string[];
  readonly member: GroupMember;
}

/**
 * A place in a consumer group. kafkajs's consumer does the group's protocol and the heartbeats, with everything paused:
 * records are fetched by each source itself, at its owner's pace.
 */
export class KafkaMembership implements Membership {
  readonly #parts: MembershipParts;
  readonly #sources = new Map<string, KafkaSource>();
  #consumer: Consumer | undefined;
  #confirmedAt = -Infinity;
  /** The rebalances, one after the other. */
  #settled: Promise<void> = Promise.resolve();
  #isLeaving = false;
  #left: Promise<void> | undefined;

  private constructor(parts: MembershipParts) {
    this.#parts = parts;
  }

  /** Joins, and resolves when the first partitions have been handed over. */
  static async join(parts: MembershipParts): Promise<KafkaMembership> {
    const membership = new KafkaMembership(parts);
    await membership.#start();
    return membership;
  }

  /** Gives up every partition, then leaves. Rejects with what a member fails to give up with, having left all the same. */
  leave(): Promise<void> {
    return (this.#left ??= this.#leave());
  }

  async #start(): Promise<void> {
    const { client, catalog, group, topics } = this.#parts;
    const consumer = client.kafka.consumer({
      ...{ groupId: group, sessionTimeout: SESSION_TIMEOUT_MS, rebalanceTimeout: REBALANCE_TIMEOUT_MS },
      ...{ heartbeatInterval: HEARTBEAT_MS, maxWaitTimeInMs: LOOP_MS, allowAutoTopicCreation: false },
      partitionAssigners: [
        stickyAssigner({ held: () => [...this.#sources.values()], partitionsOf: (topic) => catalog.partitions(topic) }),
      ],
      retry: { initialRetryTime: 100, maxRetryTime: 2000, retries: 10, restartOnFailure: async () => !this.#isLeaving },
    });
    this.#consumer = consumer;
    let joined: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (joined = resolve));
    consumer.on(consumer.events.HEARTBEAT, () => this.#confirm());
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      consumer.pause(topics.map((topic) => ({ topic })));
      this.#confirm();
      // A member that failed to give up a partition is no reason to hand out none any more.
      this.#settled = this.#settled.catch(() => undefined).then(() => this.#take(payload));
      this.#settled.catch(() => undefined);
      joined();
    });
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
      await consumer.run({ autoCommit: false, eachBatch: () => Promise.resolve() });
      await first;
    } catch (error) {
      await consumer.disconnect().catch(() => undefined);
      throw kafkaFailure(error, `joining the group ${group}`);
    }
    await this.#settled;
  }

  async #leave(): Promise<void> {
    this.#isLeaving = true;
    await this.#settled.catch(() => undefined);
    const outcome = await this.#revoke([...this.#sources.values()]).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    await this.#consumer?.disconnect().catch(() => undefined);
    if (outcome !== undefined) throw outcome.error;
  }

  #confirm(): void {
    this.#confirmedAt = this.#parts.client.time.now();
  }

  async #take({ memberAssignment }: ConsumerGroupJoinEvent['payload']): Promise<void> {
    if (this.#isLeaving) return;
    const wanted = new Map(
      Object.entries(memberAssignment).flatMap(([topic, partitions]) =>
        partitions.map((partition) => [partitionName({ topic, partition }), { topic, partition }]),
      ),
    );
    try {
      await this.#revoke([...this.#sources].filter(([name]) => !wanted.has(name)).map(([, source]) => source));
    } finally {
      for (const [name, { topic, partition }] of wanted) if (!this.#sources.has(name)) this.#give(topic, partition);
    }
  }

  #give(topic: string, partition: number): void {
    const source = new KafkaSource(topic, partition, {
      fetcher: this.#parts.client.fetcher(),
      time: this.#parts.client.time,
      isMemberConfirmed: () => this.#parts.client.time.now() - this.#confirmedAt < SESSION_TIMEOUT_MS / 2,
    });
    this.#sources.set(partitionName(source), source);
    this.#parts.member.assigned(source);
  }

  async #revoke(sources: readonly KafkaSource[]): Promise<void> {
    const outcomes = await Promise.allSettled(
      sources.map(async (source) => {
        this.#sources.delete(partitionName(source));
        await source.close();
        await this.#parts.member.revoked({ topic: source.topic, partition: source.partition });
      }),
    );
    for (const outcome of outcomes)
      if (outcome.status === 'rejected')
        throw outcome.reason instanceof Error ? outcome.reason : new PulseError('usage', String(outcome.reason));
  }
}
