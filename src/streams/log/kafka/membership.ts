import type { ConsumerGroupJoinEvent } from 'kafkajs';
import { PulseError } from '../../../errors.ts';
import type { GroupMember, Membership, TopicPartition } from '../log.ts';
import { GroupConsumer } from './group-consumer.ts';
import type { KafkaClient } from './kafka-client.ts';
import { KafkaSource } from './kafka-source.ts';
import { partitionName } from './partition-name.ts';
import { stickyAssigner } from './sticky-assigner.ts';
import type { TopicCatalog } from './topic-catalog.ts';

export interface MembershipParts {
  readonly client: KafkaClient;
  readonly catalog: TopicCatalog;
  readonly group: string;
  readonly topics: readonly string[];
  readonly member: GroupMember;
}

type Joined = ConsumerGroupJoinEvent['payload'];

/**
 * A place in a consumer group. A {@link GroupConsumer} does the group's protocol and the heartbeats, with everything paused:
 * records are fetched by each source itself, at its owner's pace.
 */
export class KafkaMembership implements Membership {
  readonly #parts: MembershipParts;
  readonly #consumer: GroupConsumer;
  readonly #sources = new Map<string, KafkaSource>();
  /** What the group gives this member, by its latest word. */
  #wanted: ReadonlyMap<string, TopicPartition> = new Map();
  /** By which the group knows it; another one after the group had taken it for dead. */
  #memberId: string | undefined;
  /** The rebalances, one after the other. */
  #settled: Promise<void> = Promise.resolve();
  #left: Promise<void> | undefined;

  private constructor(parts: MembershipParts) {
    const { client, catalog, group, topics } = parts;
    this.#parts = parts;
    this.#consumer = new GroupConsumer({
      ...{ client, group, topics },
      // Whoever has been silent for so long may have lost what it held: others hold it by now.
      assigner: stickyAssigner({
        held: () => [...this.#sources.values()].filter(({ isInDoubt }) => !isInDoubt),
        partitionsOf: (topic) => catalog.partitions(topic),
      }),
      onJoined: (joined) => this.#join(joined),
    });
  }

  /** Joins, and resolves when the first partitions have been handed over. */
  static async join(parts: MembershipParts): Promise<KafkaMembership> {
    const membership = new KafkaMembership(parts);
    await membership.#consumer.start();
    await membership.#settled;
    return membership;
  }

  /** Gives up every partition, then leaves. Rejects with what a member fails to give up with, having left all the same. */
  leave(): Promise<void> {
    return (this.#left ??= this.#leave());
  }

  async #leave(): Promise<void> {
    this.#consumer.stopRejoining();
    await this.#settled.catch(() => undefined);
    const outcome = await this.#revoke([...this.#sources.values()]).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    await this.#consumer.stop();
    if (outcome !== undefined) throw outcome.error;
  }

  /** What is lost is nobody's here before anything else is done: its new owner may be at work already. */
  #join({ memberId, memberAssignment }: Joined): void {
    const isNew = memberId !== this.#memberId;
    this.#memberId = memberId;
    this.#wanted = new Map(
      Object.entries(memberAssignment).flatMap(([topic, partitions]) =>
        partitions.map((partition) => [partitionName({ topic, partition }), { topic, partition }]),
      ),
    );
    for (const [name, source] of this.#sources) if (isNew || !this.#wanted.has(name)) void source.close();
    // A member that failed to give up a partition is no reason to hand out none any more.
    this.#settled = this.#settled.catch(() => undefined).then(() => this.#reconcile());
    this.#settled.catch(() => undefined);
  }

  async #reconcile(): Promise<void> {
    if (this.#left !== undefined) return;
    try {
      await this.#revoke([...this.#sources.values()].filter(({ isClosed }) => isClosed));
    } finally {
      for (const [name, at] of this.#wanted) if (!this.#sources.has(name)) this.#give(at);
    }
  }

  #give({ topic, partition }: TopicPartition): void {
    const { client, member } = this.#parts;
    const source = new KafkaSource(topic, partition, {
      fetcher: () => client.fetcher(),
      time: client.time,
      confirmedAt: () => this.#consumer.confirmedAt,
      isInDoubt: () => this.#consumer.isInDoubt,
    });
    this.#sources.set(partitionName(source), source);
    member.assigned(source);
  }

  async #revoke(sources: readonly KafkaSource[]): Promise<void> {
    const outcomes = await Promise.allSettled(
      sources.map(async (source) => {
        this.#sources.delete(partitionName(source));
        // Its connections close behind it: a broker that hangs is no reason to keep the partition from others.
        void source.close();
        await this.#parts.member.revoked({ topic: source.topic, partition: source.partition });
      }),
    );
    for (const outcome of outcomes)
      if (outcome.status === 'rejected')
        throw outcome.reason instanceof Error ? outcome.reason : new PulseError('usage', String(outcome.reason));
  }
}
