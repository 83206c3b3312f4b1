import type { GroupProgress, Log } from '../log.ts';

/** What a log that lives in this process offers beyond the port, on demand. */
export interface Maintenance {
  /**
   * Leaves the newest record of every key in the compacted topics. A tombstone goes in the second pass over it, once it
   * is older than the log's tombstone retention. Offsets never change.
   */
  compact(): Promise<void>;
  /** Gives up the records of `delete` topics that are older than their retention. */
  expire(): Promise<void>;
  /** What the members of a group have last sent along with their commits. */
  progress(group: string): Promise<readonly GroupProgress[]>;
}

export type LocalLog = Log & Maintenance;

/** How long a tombstone stays readable, so that readers who lag learn of the deletion; Kafka's default. */
export const TOMBSTONE_RETENTION_MS = 86_400_000;
