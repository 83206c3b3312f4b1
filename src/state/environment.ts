import type { Codec } from './codec.ts';
import type { Table } from './table.ts';

/** What state knows of itself, a partition at a time. */
export interface PartitionMeta {
  /** The changelog offset up to which this partition's rows are applied. */
  readonly applied: number;
}

/** What the state is of. State of anything else is discarded at opening, and rebuilt. */
export interface StateIdentity {
  /** The log's own identity. */
  readonly log: string;
  readonly namespace: string;
  /** The changelog's id in the log, which tells it from one that was removed; where the log says none, undefined. */
  readonly changelog: string | undefined;
  /** Of the packed values and the key layout. */
  readonly version: number;
}

/**
 * Tables and one meta record a partition, written together. State is a cache of the log: it is never ahead of it, and may
 * be deleted at any time. A read of what is not as it was written throws `state-corrupt`: {@link StateEnvironment.drop} the
 * partition, and restore it.
 */
export interface StateEnvironment {
  /** The table of that name, made when absent; not inside a transaction. */
  table<Value>(name: string, codec: Codec<Value>): Table<Value>;
  meta(partition: number): PartitionMeta | undefined;
  /** Only inside a transaction. */
  putMeta(partition: number, meta: PartitionMeta): void;
  /** Runs the writes; all or nothing, visible when it resolves. Rejects with `disk-full` or `disk-unwritable`. */
  transaction(write: () => void): Promise<void>;
  /** Removes the partition's rows from every table, and its meta. */
  drop(partition: number): Promise<void>;
  close(): Promise<void>;
}
