import { asyncScheduler, type SchedulerAction, type SchedulerLike, type Subscription } from 'rxjs';
import { expect } from 'vitest';
import type { LocalLog } from '../../src/streams/log/local/maintenance.ts';
import type {
  Cleanup,
  GroupMember,
  OutputRecord,
  PartitionSource,
  RecordBatch,
  TopicPartition,
} from '../../src/streams/log/log.ts';
import type { LogRecord } from '../../src/streams/log/record.ts';

/** The real timer, with a clock that moves only when it is put forward. */
export class ShiftedTime implements SchedulerLike {
  #now = Date.now();

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay?: number, state?: T): Subscription {
    return asyncScheduler.schedule(work, delay, state);
  }
}

export interface LogUnderTest {
  readonly log: LocalLog;
  readonly time: ShiftedTime;
  /** Closes the log and opens it again on what it left behind. */
  reopen(): Promise<LocalLog>;
  dispose(): Promise<void>;
}

export interface LogTestOptions {
  readonly batchBytes?: number;
  readonly tombstoneRetentionMs?: number;
}

export type CreateLog = (options?: LogTestOptions) => Promise<LogUnderTest>;

export const purged: Cleanup = { kind: 'purge' };
export const compacted: Cleanup = { kind: 'compact' };

export const at = (topic: string, partition = 0): TopicPartition => ({ topic, partition });

export const record = (topic: string, partition: number, key: string | null, value: string | null): OutputRecord => ({
  topic,
  partition,
  key,
  value,
});

/** `key=value`, with `-` for null. */
export const text = ({ key, value }: LogRecord): string => `${key?.toString() ?? '-'}=${value?.toString() ?? '-'}`;

export async function readAll(log: LocalLog, from: TopicPartition, start?: number): Promise<readonly LogRecord[]> {
  const records: LogRecord[] = [];
  const first = start ?? (await log.bounds(from)).start;
  for await (const batch of log.read(from, first, Infinity)) {
    expect(batch).toMatchObject(from);
    records.push(...batch.records);
  }
  return records;
}

export const readTexts = async (log: LocalLog, from: TopicPartition, start?: number): Promise<readonly string[]> =>
  (await readAll(log, from, start)).map(text);

/** `offset:key=value`. */
export const readOffsets = async (log: LocalLog, from: TopicPartition, start?: number): Promise<readonly string[]> =>
  (await readAll(log, from, start)).map((found) => `${found.offset}:${text(found)}`);

export const appendTexts = async (log: LocalLog, to: TopicPartition, values: readonly string[]): Promise<void> => {
  await log.append(values.map((value) => record(to.topic, to.partition, null, value)));
};

/** A member that notes what it is given and does nothing with it. */
export class PassiveMember implements GroupMember {
  readonly sources = new Map<string, PartitionSource>();
  /** Called, and waited for, before a partition counts as given up. */
  beforeRevoked: (at: TopicPartition) => Promise<void> = () => Promise.resolve();

  get owned(): readonly string[] {
    return [...this.sources.keys()].sort();
  }

  assigned(source: PartitionSource): void {
    this.sources.set(nameOf(source), source);
  }

  async revoked(partition: TopicPartition): Promise<void> {
    await this.beforeRevoked(partition);
    this.sources.delete(nameOf(partition));
  }

  source(partition: TopicPartition): PartitionSource {
    const found = this.sources.get(nameOf(partition));
    if (found === undefined) throw new Error(`${nameOf(partition)} is not assigned`);
    return found;
  }
}

export const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}[${partition}]`;

/** The partition as the only member of a group gets it. */
export async function sourceOf(log: LocalLog, of: TopicPartition, group = 'group'): Promise<PartitionSource> {
  const member = new PassiveMember();
  await log.join(group, [of.topic], member);
  return member.source(of);
}

/** The batches of an endless iteration until the records satisfy a condition. */
export async function takeUntil(
  batches: AsyncIterable<RecordBatch>,
  isEnough: (records: readonly LogRecord[]) => boolean,
): Promise<readonly LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const batch of batches) {
    records.push(...batch.records);
    if (isEnough(records)) break;
  }
  return records;
}

export const errorCode = (code: string): unknown => expect.objectContaining({ name: 'PulseError', code });
