import type { SchedulerLike } from 'rxjs';
import type { TopicPartition } from '../log.ts';
import type { Catalog, StoredTopic } from './catalog.ts';
import { type Cleaner, isDirty } from './cleaner.ts';
import { deleteCondemned } from './condemned.ts';
import type { EmbeddedReads } from './embedded-reads.ts';
import { DELETIONS_AT_ONCE, expireOperation, purgeOperation } from './retention.ts';
import type { Submit } from './write-queue.ts';

export interface UpkeepParts {
  readonly catalog: Catalog;
  readonly reads: EmbeddedReads;
  readonly cleaner: Cleaner;
  readonly submit: Submit;
  readonly time: SchedulerLike;
  readonly tombstoneRetentionMs: number;
}

interface Partition extends TopicPartition {
  readonly of: StoredTopic;
}

/** The work on a log that nobody waits for: cleaning, retention, and what removed topics leave behind. */
export class Upkeep {
  readonly #parts: UpkeepParts;
  #compacting: Promise<void> = Promise.resolve();

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
  }

  /** Cleans the compacted partitions, all of them or those that are due; one pass at a time. */
  compact(only: 'all' | 'due'): Promise<void> {
    const compacting = this.#compacting.then(() => this.#compact(only));
    this.#compacting = compacting.catch(() => undefined);
    return compacting;
  }

  async expire(): Promise<void> {
    const { catalog, submit, time } = this.#parts;
    for (const { of, topic, partition } of this.#partitions('delete')) {
      if (of.cleanup.kind !== 'delete') continue;
      const before = time.now() - of.cleanup.retentionMs;
      while (await submit(expireOperation(catalog, { topic, partition }, before)));
    }
  }

  async purge(at: TopicPartition, before: number): Promise<void> {
    const { catalog, submit } = this.#parts;
    while (await submit(purgeOperation(catalog, at, before)));
  }

  /** Deletes the records of removed topics. */
  async sweep(): Promise<void> {
    const { submit } = this.#parts;
    while (await submit({ bytes: 0, run: (tables) => deleteCondemned(tables, DELETIONS_AT_ONCE) }));
  }

  async #compact(only: 'all' | 'due'): Promise<void> {
    const { reads, cleaner, time, tombstoneRetentionMs } = this.#parts;
    for (const { of, topic, partition } of this.#partitions('compact')) {
      if (only === 'due' && !isDirty(reads.state({ topic, partition }))) continue;
      await cleaner.clean(of, partition, time.now() - tombstoneRetentionMs);
    }
  }

  #partitions(kind: StoredTopic['cleanup']['kind']): readonly Partition[] {
    const topics = this.#parts.reads.topics().filter(({ cleanup }) => cleanup.kind === kind);
    return topics.flatMap((of) =>
      Array.from({ length: of.partitions }, (_, partition) => ({ of, topic: of.name, partition })),
    );
  }
}
