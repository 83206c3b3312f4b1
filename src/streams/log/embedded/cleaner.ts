import type { LogRecord } from '../record.ts';
import type { Catalog, StoredTopic } from './catalog.ts';
import { type CleanStep, cleanStep } from './clean-step.ts';
import { dirtyKey, type DirtyKeys, surveyDirtyKeys } from './dirty-keys.ts';
import type { EmbeddedReads } from './embedded-reads.ts';
import { PartitionBatches } from './partition-batches.ts';
import { type PartitionState, readState, writeState } from './partition-state.ts';
import type { Tables } from './tables.ts';
import type { Submit } from './write-queue.ts';

/** Below this a partition is not worth cleaning, however much of it is superseded. */
const MIN_DIRTY_BYTES = 2 ** 20;

/** About 100 MB at most, as Kafka's cleaner has 128 MB for the same purpose. */
const MAX_KEYS = 1_000_000;

/** Whether so much has been appended since the last pass that another one is due: half of the partition, and 1 MiB. */
export const isDirty = ({ cleanBytes, dirtyBytes }: PartitionState): boolean =>
  dirtyBytes >= Math.max(MIN_DIRTY_BYTES, cleanBytes);

/**
 * Compacts partitions in the manner of Kafka's log cleaner: it notes the newest offset of every key of the dirty section
 * (what was appended since its last pass), then copies the partition from its start without the records that those
 * supersede, and without the old tombstones of the section that the last pass went through. Many small transactions;
 * a pass that is cut off leaves a partition that is as right as before, and is done again.
 *
 * Source: org.apache.kafka.storage.internals.log.Cleaner.
 */
export class Cleaner {
  readonly #catalog: Catalog;
  readonly #reads: EmbeddedReads;
  readonly #submitOperation: Submit;

  readonly #signal: AbortSignal;
  readonly #maxKeys: number;

  /** A pass ends early when the signal aborts, and notes at most about `maxKeys` keys. */
  constructor(catalog: Catalog, reads: EmbeddedReads, submit: Submit, signal: AbortSignal, maxKeys = MAX_KEYS) {
    this.#catalog = catalog;
    this.#reads = reads;
    this.#submitOperation = submit;
    this.#signal = signal;
    this.#maxKeys = maxKeys;
  }

  /** One pass over a partition. Tombstones from before the time go, if an earlier pass has been over them. */
  async clean(topic: StoredTopic, partition: number, tombstonesBefore: number): Promise<void> {
    const at = { topic: topic.name, partition };
    const before = this.#reads.state(at);
    const { start, end, cleanedTo } = before;
    const dirtyFrom = Math.max(start, cleanedTo);
    const dirty = await surveyDirtyKeys(this.#reads, at, dirtyFrom, end, this.#maxKeys, this.#signal);
    const isKept = keeps(dirty, cleanedTo, tombstonesBefore);
    let left = 0;
    for (let from = 0; from < dirty.to;) {
      const step = await this.#submit(topic, (tables) => this.#step(tables, topic, partition, from, dirty.to, isKept));
      left += step.bytes;
      from = step.next;
    }
    await this.#submit(topic, (tables) => {
      const state = readState(tables, topic.id, partition);
      // Where the survey stopped early, what is left stays dirty, and is due at once.
      const dirtyBytes = Math.max(0, state.dirtyBytes - (dirty.to === end ? before.dirtyBytes : 0));
      writeState(tables, topic.id, partition, { ...state, cleanedTo: dirty.to, cleanBytes: left, dirtyBytes });
    });
  }

  #step(
    tables: Tables,
    { id, name }: StoredTopic,
    partition: number,
    from: number,
    to: number,
    isKept: (record: LogRecord) => boolean,
  ): CleanStep {
    const { start } = readState(tables, id, partition);
    const stored = new PartitionBatches(tables, id, partition);
    const isThere = (record: LogRecord): boolean => record.offset >= start && isKept(record);
    return cleanStep(stored, from, to, isThere, `${name}[${partition}]`);
  }

  /** Runs in a write transaction, unless the topic has been removed (or removed and created anew) meanwhile. */
  #submit<Result>(topic: StoredTopic, run: (tables: Tables) => Result): Promise<Result> {
    return this.#submitOperation({
      bytes: 0,
      run: (tables) => {
        this.#catalog.checkThere(tables, topic);
        return run(tables);
      },
    });
  }
}

function keeps({ newest }: DirtyKeys, cleanedTo: number, tombstonesBefore: number): (record: LogRecord) => boolean {
  return ({ key, value, offset, timestamp }) => {
    if (key === null) return true;
    if (offset < (newest.get(dirtyKey(key)) ?? 0)) return false;
    return value !== null || offset >= cleanedTo || timestamp >= tombstonesBefore;
  };
}
