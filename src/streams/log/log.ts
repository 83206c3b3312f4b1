import type { Bytes, LogRecord } from './record.ts';

/** One partition of one topic: the unit of order. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/**
 * How a topic sheds old records. `purge`: kept until somebody calls {@link Log.purge}. `tombstoneRetentionMs`: for how
 * long at least deletions, and what else only readers on their way need, stay; a day or the log's own, where absent.
 */
export type Cleanup =
  | { readonly kind: 'compact'; readonly tombstoneRetentionMs?: number }
  | { readonly kind: 'delete'; readonly retentionMs: number }
  | { readonly kind: 'purge' };

/** A topic as wanted or as found. */
export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly cleanup: Cleanup;
}

/** An offset of a partition: where to read on. */
export interface PartitionPosition extends TopicPartition {
  readonly offset: number;
}

/** The offsets `[start, end)` that a partition holds; `end` is the offset the next committed record will have, or more. */
export interface OffsetBounds {
  readonly start: number;
  readonly end: number;
}

/**
 * Records of one partition in offset order, all of them committed. `records` may be empty: `nextOffset` still says
 * where to read on (compaction and control records leave gaps). `end` is the partition's end as known at the read.
 */
export interface RecordBatch extends TopicPartition {
  readonly records: readonly LogRecord[];
  readonly nextOffset: number;
  readonly end: number;
}

/** A record to append. A string is encoded as UTF-8; a null value is a tombstone. */
export interface OutputRecord extends TopicPartition {
  readonly key: Bytes | null;
  readonly value: Bytes | null;
  readonly headers?: Readonly<Record<string, Bytes>>;
}

/** How far a group has come, sent along with a commit so that lag tools work. Nothing of ours reads it to recover. */
export interface GroupProgress extends TopicPartition {
  readonly group: string;
  readonly offset: number;
}

/** What a commit did. */
export interface CommitResult {
  /** The offset after the last record that this commit appended to the partition; undefined where it appended none. */
  nextOffset(topic: string, partition: number): number | undefined;
}

/**
 * Appends for one transactional id. Opening a writer fences every earlier writer of the same id, in any process:
 * their next commit fails with `fenced`.
 */
export interface TransactionalWriter {
  readonly id: string;
  /**
   * Appends all records in one transaction, each partition in the order given; resolves when they are durable, rejects
   * when nothing was appended or the outcome is unknown. After a rejection the writer is spent: close it, open another.
   * Several may be under way: they happen in the order of the calls, and none after one that was rejected. Whatever
   * memory the records lie in is the caller's again when the promise settles.
   */
  commit(records: readonly OutputRecord[], progress?: GroupProgress): Promise<CommitResult>;
  close(): Promise<void>;
}

/** A partition that this member owns, to be read at the owner's pace. */
export interface PartitionSource extends TopicPartition {
  /** Whether it may be another member's by now: it was taken away, or the group has been silent for a session. */
  readonly isInDoubt: boolean;
  /**
   * Whether the group still says so; waits for its word where it has been silent, or for its next word where `afresh`: what
   * it said before may be out of date. False once the partition is taken away.
   */
  isOwned(afresh?: 'afresh'): Promise<boolean>;
  /**
   * The next poll returns records from `offset` on. Must be called before the first poll. A poll that is under way, or
   * that hangs, ends without records.
   */
  seek(offset: number): void;
  /**
   * The next records, or undefined when none came within `waitMs`. Rejects with `offset-out-of-range` when the position
   * lies below the partition's start or beyond its end. One poll at a time.
   */
  poll(waitMs: number): Promise<RecordBatch | undefined>;
}

/** Who takes the partitions that a group assigns to this member. */
export interface GroupMember {
  assigned(source: PartitionSource): void;
  /** Resolves once nothing of this member works on the partition any more. */
  revoked(at: TopicPartition): Promise<void>;
}

/** A member's place in a group. */
export interface Membership {
  /** Revokes every partition of the member, then leaves. */
  leave(): Promise<void>;
}

/** Creating, checking and removing topics. */
export interface TopicAdmin {
  /** Creates what is missing. Rejects with `topic-mismatch` where a topic is there with other partitions or cleanup. */
  ensure(specs: readonly TopicSpec[]): Promise<void>;
  list(): Promise<readonly TopicSpec[]>;
  /** Undefined where there is no such topic. */
  describe(topic: string): Promise<TopicSpec | undefined>;
  /**
   * The topic's id: a topic that is removed and made anew has another one, and offsets of the one say nothing of the other.
   * Undefined where the cluster gives topics none (Kafka before 2.8, some that speak its protocol).
   */
  id(topic: string): Promise<string | undefined>;
  remove(topics: readonly string[]): Promise<void>;
}

/**
 * The partitioned, replayable log that stages, sinks and the web talk through. Adapters: embedded (LMDB), memory, Kafka;
 * all pass the same contract tests, and nothing outside `log/` knows which one it is on.
 *
 * Any call that names an absent topic or partition rejects with `unknown-topic`.
 */
export interface Log {
  /** Who the log is: two logs with equal identities hold the same records. */
  readonly identity: string;
  readonly topics: TopicAdmin;

  bounds(at: TopicPartition): Promise<OffsetBounds>;

  /**
   * The records of `[from, to)`, finite. Rejects with `offset-out-of-range` when `from` lies below the start; ends early
   * only where the log itself ends.
   */
  read(at: TopicPartition, from: number, to: number): AsyncIterable<RecordBatch>;

  /** The records from the given offsets on, and those to come, until the signal aborts. Belongs to no group. */
  tail(from: readonly PartitionPosition[], signal: AbortSignal): AsyncIterable<RecordBatch>;

  /** Joins a consumer group: every partition of the topics belongs to exactly one live member. */
  join(group: string, topics: readonly string[], member: GroupMember): Promise<Membership>;

  /** Opens a transactional writer and fences the earlier ones of the same id. */
  writer(transactionalId: string): Promise<TransactionalWriter>;

  /** Appends outside any transactional id; all or nothing on the embedded log, each partition by itself on Kafka. */
  append(records: readonly OutputRecord[]): Promise<CommitResult>;

  /** Gives up the records below `before`: the partition's start becomes at least that. */
  purge(at: TopicPartition, before: number): Promise<void>;

  close(): Promise<void>;
}
