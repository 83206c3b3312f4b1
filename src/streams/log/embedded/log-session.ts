import type { SchedulerLike } from 'rxjs';
import { PulseError } from '../../../errors.ts';
import { ConsumerGroups } from '../local/consumer-groups.ts';
import { type LocalLog, TOMBSTONE_RETENTION_MS } from '../local/maintenance.ts';
import { readRange } from '../local/read-range.ts';
import { tail } from '../local/tail.ts';
import { appendOperation } from './append.ts';
import { Catalog } from './catalog.ts';
import { Cleaner } from './cleaner.ts';
import { EmbeddedReads } from './embedded-reads.ts';
import { embeddedTopics } from './embedded-topics.ts';
import { EmbeddedWriter, type GuardedAppend } from './embedded-writer.ts';
import type { Environment } from './environment.ts';
import { CommitPacker } from './packed-commit.ts';
import { Upkeep } from './upkeep.ts';
import { UpkeepTimer } from './upkeep-timer.ts';
import { type Submit, WriteQueue } from './write-queue.ts';
import { nextEpoch } from './writer-epochs.ts';
import type { WriterLock } from './writer-lock.ts';

export interface SessionOptions {
  /** About how many bytes of stored batches one batch of records is made of. */
  readonly batchBytes?: number;
  readonly tombstoneRetentionMs?: number;
}

const BATCH_BYTES = 512 * 1024;

/** An open embedded log: of one reader where it holds no lock, of the writer where it does. */
export function logSession(
  environment: Environment,
  identity: string,
  lock: WriterLock | undefined,
  time: SchedulerLike,
  { batchBytes = BATCH_BYTES, tombstoneRetentionMs = TOMBSTONE_RETENTION_MS }: SessionOptions,
): LocalLog {
  const catalog = new Catalog();
  const reads = new EmbeddedReads(environment, catalog, batchBytes);
  const groups = new ConsumerGroups(reads);
  const queue = new WriteQueue(environment, (tables) => lock?.check(tables));
  const submit: Submit = (operation) =>
    lock === undefined ? Promise.reject(readOnly(environment)) : queue.submit(operation);
  const append = packedAppend(catalog, submit, time);
  const closing = new AbortController();
  const cleaner = new Cleaner(catalog, reads, submit, closing.signal);
  const upkeep = new Upkeep({ catalog, reads, cleaner, submit, time, tombstoneRetentionMs });
  const timer = lock && new UpkeepTimer(environment, upkeep, lock, submit, time);
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await groups.close();
    closing.abort();
    // A pass of the cleaner under way ends at its next step.
    await Promise.all([queue.close(), timer?.stop()]);
    if (lock !== undefined) release(lock, environment);
    await environment.close();
  };
  return {
    identity,
    topics: embeddedTopics(reads, catalog, submit),
    bounds: async (at) => reads.bounds(at),
    read: (at, from, to) => readRange(reads, at, from, to),
    tail: (from, signal) => tail(reads, from, AbortSignal.any([signal, closing.signal])),
    join: (group, topics, member) => groups.join(group, topics, member),
    writer: async (id) => {
      const epoch = await submit({ bytes: 0, run: (tables) => nextEpoch(tables, id) });
      return new EmbeddedWriter(id, epoch, append);
    },
    append: (records) => append(records),
    purge: (at, before) => upkeep.purge(at, before),
    compact: () => upkeep.compact('all'),
    expire: () => upkeep.expire(),
    progress: async (group) => reads.progress(group),
    close: () => (closed ??= close()),
  };
}

/** Packs outside of the transaction, so that it is but a few puts; gives the memory back when they are done. */
const packedAppend = (catalog: Catalog, submit: Submit, time: SchedulerLike): GuardedAppend => {
  const packer = new CommitPacker();
  return async (records, progress, guard) => {
    const partitions = packer.pack(records, time.now());
    try {
      return await submit(appendOperation(catalog, { partitions, progress, guard }));
    } finally {
      packer.release(partitions);
    }
  };
};

const readOnly = ({ path }: Environment): PulseError =>
  new PulseError('usage', `The log at ${path} is open for reading only.`);

/** On a disk that is full the lock stays, as it does when a process is killed: who comes next finds its owner dead. */
function release(lock: WriterLock, { tables }: Environment): void {
  try {
    tables.root.transactionSync(() => lock.release(tables));
  } catch {
    return;
  }
}
