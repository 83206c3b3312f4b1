import type { SchedulerLike } from 'rxjs';
import { PulseError } from '../../../errors.ts';
import { ConsumerGroups } from '../local/consumer-groups.ts';
import { type LocalLog, TOMBSTONE_RETENTION_MS } from '../local/maintenance.ts';
import { readRange } from '../local/read-range.ts';
import { tail } from '../local/tail.ts';
import type {
  CommitResult,
  GroupMember,
  GroupProgress,
  Membership,
  OffsetBounds,
  OutputRecord,
  RecordBatch,
  TopicAdmin,
  TopicPartition,
  TransactionalWriter,
} from '../log.ts';
import { appendOperation } from './append.ts';
import { Catalog } from './catalog.ts';
import { Cleaner } from './cleaner.ts';
import { EmbeddedReads } from './embedded-reads.ts';
import { embeddedTopics } from './embedded-topics.ts';
import { type CheckedAppend, EmbeddedWriter } from './embedded-writer.ts';
import type { Environment } from './environment.ts';
import { CommitPacker } from './packed-commit.ts';
import { Upkeep } from './upkeep.ts';
import { UpkeepTimer } from './upkeep-timer.ts';
import { type WriteOperation, WriteQueue } from './write-queue.ts';
import { nextEpoch } from './writer-epochs.ts';
import type { WriterLock } from './writer-lock.ts';

export interface SessionOptions {
  /** About how many bytes of stored batches one batch of records is made of. */
  readonly batchBytes?: number;
  readonly tombstoneRetentionMs?: number;
}

const BATCH_BYTES = 512 * 1024;

/** An open embedded log: of one reader where it holds no lock, of the writer where it does. */
export class LogSession implements LocalLog {
  readonly identity: string;
  readonly topics: TopicAdmin;
  readonly #environment: Environment;
  readonly #lock: WriterLock | undefined;
  readonly #time: SchedulerLike;
  readonly #catalog = new Catalog();
  readonly #packer = new CommitPacker();
  readonly #reads: EmbeddedReads;
  readonly #groups: ConsumerGroups;
  readonly #queue: WriteQueue;
  readonly #upkeep: Upkeep;
  readonly #timer: UpkeepTimer | undefined;
  readonly #closing = new AbortController();

  constructor(
    environment: Environment,
    identity: string,
    lock: WriterLock | undefined,
    time: SchedulerLike,
    { batchBytes = BATCH_BYTES, tombstoneRetentionMs = TOMBSTONE_RETENTION_MS }: SessionOptions,
  ) {
    this.identity = identity;
    this.#environment = environment;
    this.#lock = lock;
    this.#time = time;
    this.#reads = new EmbeddedReads(environment, this.#catalog, batchBytes);
    this.#groups = new ConsumerGroups(this.#reads);
    this.#queue = new WriteQueue(environment, (tables) => lock?.check(tables));
    const submit = <Result>(operation: WriteOperation<Result>): Promise<Result> => this.#submit(operation);
    this.topics = embeddedTopics(this.#reads, this.#catalog, submit);
    const cleaner = new Cleaner(this.#catalog, this.#reads, submit);
    this.#upkeep = new Upkeep({
      catalog: this.#catalog,
      reads: this.#reads,
      cleaner,
      submit,
      time,
      tombstoneRetentionMs,
    });
    this.#timer = lock && new UpkeepTimer(environment, this.#upkeep, lock, submit, time);
  }

  async bounds(at: TopicPartition): Promise<OffsetBounds> {
    return this.#reads.bounds(at);
  }

  read(at: TopicPartition, from: number, to: number): AsyncIterable<RecordBatch> {
    return readRange(this.#reads, at, from, to);
  }

  tail(
    from: readonly (TopicPartition & { readonly offset: number })[],
    signal: AbortSignal,
  ): AsyncIterable<RecordBatch> {
    return tail(this.#reads, from, AbortSignal.any([signal, this.#closing.signal]));
  }

  join(group: string, topics: readonly string[], member: GroupMember): Promise<Membership> {
    return this.#groups.join(group, topics, member);
  }

  async writer(transactionalId: string): Promise<TransactionalWriter> {
    const epoch = await this.#submit({ bytes: 0, run: (tables) => nextEpoch(tables, transactionalId) });
    return new EmbeddedWriter(transactionalId, epoch, this.#append);
  }

  append(records: readonly OutputRecord[]): Promise<CommitResult> {
    return this.#append(records, undefined, () => undefined);
  }

  async purge(at: TopicPartition, before: number): Promise<void> {
    await this.#upkeep.purge(at, before);
  }

  async compact(): Promise<void> {
    await this.#upkeep.compact('all');
  }

  async expire(): Promise<void> {
    await this.#upkeep.expire();
  }

  async progress(group: string): Promise<readonly GroupProgress[]> {
    return this.#reads.progress(group);
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    await this.#groups.close();
    this.#closing.abort();
    await this.#timer?.stop();
    await this.#queue.close();
    const { tables } = this.#environment;
    if (this.#lock !== undefined) tables.root.transactionSync(() => this.#lock?.release(tables));
    await this.#environment.close();
  }

  readonly #append: CheckedAppend = async (records, progress, check) => {
    const partitions = this.#packer.pack(records, this.#time.now());
    try {
      return await this.#submit(appendOperation(this.#catalog, { partitions, progress, check }));
    } finally {
      this.#packer.release(partitions);
    }
  };

  #submit<Result>(operation: WriteOperation<Result>): Promise<Result> {
    if (this.#lock !== undefined) return this.#queue.submit(operation);
    const { path } = this.#environment;
    return Promise.reject(new PulseError('usage', `The log at ${path} is open for reading only.`));
  }
}
