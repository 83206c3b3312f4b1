import type { Admin } from 'kafkajs';
import type Cluster from 'kafkajs/src/cluster/index.js';
import { asyncScheduler, type SchedulerLike } from 'rxjs';
import { sleepOn } from '../../clock/sleep.ts';
import { outOfRange } from '../local/topic-errors.ts';
import { closed } from '../local/writer-errors.ts';
import type {
  CommitResult,
  GroupMember,
  Log,
  Membership,
  OffsetBounds,
  OutputRecord,
  PartitionPosition,
  RecordBatch,
  TopicPartition,
  TransactionalWriter,
} from '../log.ts';
import { Appender } from './appender.ts';
import type { Fetcher } from './fetcher.ts';
import { readMetadata } from './cluster-metadata.ts';
import { KafkaClient, type KafkaSettings } from './kafka-client.ts';
import { kafkaFailure } from './kafka-errors.ts';
import { KafkaTopics } from './kafka-topics.ts';
import { KafkaWriter } from './kafka-writer.ts';
import { KafkaMembership } from './membership.ts';
import { readRange, tail } from './readers.ts';
import { TopicCatalog } from './topic-catalog.ts';

const CLUSTER_DEFAULT = -1;
/** For a question that is not about any topic: to name none would mean all. */
const NO_TOPIC = '__none';

/** Opens a Kafka cluster as a log. Rejects with `log-unavailable` where no broker answers, `log-refused` where one refuses. */
export async function openKafkaLog(settings: KafkaSettings, time: SchedulerLike = asyncScheduler): Promise<Log> {
  const client = new KafkaClient(settings, time);
  const admin = client.admin();
  const cluster = client.cluster();
  try {
    await admin.connect();
    const { clusterId } = await readMetadata(cluster, [NO_TOPIC]);
    return new KafkaLog(client, admin, cluster, `kafka:${clusterId}`);
  } catch (error) {
    await Promise.all([admin.disconnect().catch(() => undefined), cluster.disconnect().catch(() => undefined)]);
    throw kafkaFailure(error, `the brokers ${settings.brokers.join(', ')}`);
  }
}

class KafkaLog implements Log {
  readonly identity: string;
  readonly topics: KafkaTopics;
  readonly #client: KafkaClient;
  readonly #admin: Admin;
  readonly #cluster: Cluster;
  readonly #catalog: TopicCatalog;
  /** For questions that are answered at once. */
  readonly #asking: Fetcher;
  readonly #appender: Appender;
  readonly #closing = new AbortController();
  readonly #memberships = new Set<KafkaMembership>();
  readonly #writers = new Set<KafkaWriter>();
  #closed: Promise<void> | undefined;

  constructor(client: KafkaClient, admin: Admin, cluster: Cluster, identity: string) {
    const { replicationFactor = CLUSTER_DEFAULT } = client.settings;
    this.identity = identity;
    this.#client = client;
    this.#admin = admin;
    this.#cluster = cluster;
    this.#asking = client.fetcher();
    this.#catalog = new TopicCatalog(this.#cluster, client.time, () => this.#refuseClosed());
    this.#appender = new Appender(client, this.#catalog);
    this.topics = new KafkaTopics(admin, this.#catalog, replicationFactor, sleepOn(client.time));
  }

  async bounds(at: TopicPartition): Promise<OffsetBounds> {
    this.#refuseClosed();
    await this.#catalog.check(at);
    return this.#asking.bounds(at);
  }

  async *read(at: TopicPartition, from: number, to: number): AsyncGenerator<RecordBatch> {
    const bounds = await this.bounds(at);
    yield* readRange(this.#client.fetcher(), at, { from, to, bounds }, this.#closing.signal);
  }

  async *tail(from: readonly PartitionPosition[], signal: AbortSignal): AsyncGenerator<RecordBatch> {
    this.#refuseClosed();
    for (const at of from) await this.#catalog.check(at);
    yield* tail(this.#client.fetcher(), from, AbortSignal.any([signal, this.#closing.signal]));
  }

  async join(group: string, topics: readonly string[], member: GroupMember): Promise<Membership> {
    this.#refuseClosed();
    for (const topic of topics) await this.#catalog.partitions(topic);
    const membership = await KafkaMembership.join({
      client: this.#client,
      catalog: this.#catalog,
      group,
      topics,
      member,
    });
    this.#memberships.add(membership);
    const leave = (): Promise<void> => {
      this.#memberships.delete(membership);
      return membership.leave();
    };
    return { leave };
  }

  async writer(transactionalId: string): Promise<TransactionalWriter> {
    this.#refuseClosed();
    const writer = await KafkaWriter.open(transactionalId, {
      ...{ client: this.#client, catalog: this.#catalog },
      onClose: (one) => this.#writers.delete(one),
    });
    this.#writers.add(writer);
    return writer;
  }

  async append(records: readonly OutputRecord[]): Promise<CommitResult> {
    this.#refuseClosed();
    return this.#appender.append(records);
  }

  async purge(at: TopicPartition, before: number): Promise<void> {
    const { start, end } = await this.bounds(at);
    if (before > end) throw outOfRange(at, before, { start, end });
    if (before <= start) return;
    await this.#asking.purge(at, before);
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    const left = await Promise.allSettled([...this.#memberships].map((membership) => membership.leave()));
    this.#closing.abort();
    await Promise.all([this.#appender.close(), ...[...this.#writers].map((writer) => writer.close())]);
    await Promise.all([
      this.#asking.close(),
      this.#cluster.disconnect().catch(() => undefined),
      this.#admin.disconnect().catch(() => undefined),
    ]);
    for (const outcome of left) if (outcome.status === 'rejected') throw outcome.reason;
  }

  #refuseClosed(): void {
    if (this.#closed !== undefined) throw closed('The log');
  }
}
