import { asyncScheduler, Observable, type SchedulerLike, VirtualTimeScheduler } from 'rxjs';
import { PulseError } from '../../src/errors.ts';
import type {
  CommitResult,
  OutputRecord,
  PartitionSource,
  RecordBatch,
  TransactionalWriter,
} from '../../src/streams/log/log.ts';
import type { LocalLog } from '../../src/streams/log/local/maintenance.ts';
import { createMemoryLog } from '../../src/streams/log/memory/memory-log.ts';
import type { LogRecord } from '../../src/streams/log/record.ts';
import { type Carried, positionRecord } from '../../src/streams/task/positions.ts';
import type { Stage, StagePartition } from '../../src/streams/task/stage.ts';
import { logRecord } from './log-record.ts';

export const INPUT = 'test.input';
export const OUTPUT = 'test.output';
export const POSITIONS = 'test.positions';
export const TRANSACTIONAL_ID = 'test-task';

const compact = { kind: 'compact' } as const;
const purged = { kind: 'purge' } as const;

/** A log in memory with an input, an output and positions, of so many partitions. */
export async function taskLog(partitions = 1, time: SchedulerLike = asyncScheduler): Promise<LocalLog> {
  const log = createMemoryLog({ time });
  await log.topics.ensure([
    { name: INPUT, partitions, cleanup: purged },
    { name: OUTPUT, partitions, cleanup: purged },
    { name: POSITIONS, partitions, cleanup: compact },
  ]);
  return log;
}

/** The position of the test's stage. */
export const position = (offset: number, carried: Carried = {}, partition = 0): OutputRecord =>
  positionRecord(POSITIONS, { stage: 'test', topic: INPUT, partition, offset, carried });

/** What a partition of a topic holds, as text. */
export async function textsOf(log: LocalLog, topic: string, partition = 0): Promise<readonly string[]> {
  const texts: string[] = [];
  const { start, end } = await log.bounds({ topic, partition });
  for await (const { records } of log.read({ topic, partition }, start, end))
    texts.push(...records.map(({ value }) => String(value)));
  return texts;
}

/** The latest offset and what is carried with it. */
export async function positionOf(log: LocalLog, partition = 0): Promise<unknown> {
  const { offset, carried } = JSON.parse((await textsOf(log, POSITIONS, partition)).at(-1)!) as Record<string, unknown>;
  return { offset, carried };
}

/** What a poll does: so many milliseconds pass, then a batch comes; or the source fails. */
export type Arrival =
  | {
      readonly after?: number;
      readonly offsets: readonly number[];
      readonly nextOffset?: number;
      readonly end?: number;
    }
  | { readonly after?: number; readonly error: unknown };

/** A source whose batches come when a script says so, and the clock that goes with it. `onEmpty` is told at its end. */
export class ScriptedSource implements PartitionSource {
  readonly topic = INPUT;
  readonly partition = 0;
  isInDoubt = false;
  readonly clock: SchedulerLike & { frame: number } = new VirtualTimeScheduler();
  readonly seeks: number[] = [];
  readonly waits: number[] = [];
  readonly #script: Arrival[];
  #onEmpty: () => void = () => undefined;
  #passed = 0;

  isOwned: PartitionSource['isOwned'] = () => Promise.resolve(true);

  constructor(...script: readonly Arrival[]) {
    this.#script = [...script];
  }

  onEmpty(told: () => void): void {
    this.#onEmpty = told;
  }

  seek(offset: number): void {
    this.seeks.push(offset);
  }

  async poll(waitMs: number): Promise<RecordBatch | undefined> {
    await Promise.resolve();
    this.waits.push(waitMs);
    const [next] = this.#script;
    if (next === undefined) this.#onEmpty();
    const left = (next?.after ?? 0) - this.#passed;
    if (next === undefined || left > waitMs) {
      this.#passed += waitMs;
      this.clock.frame += waitMs;
      return undefined;
    }
    this.clock.frame += left;
    this.#passed = 0;
    this.#script.shift();
    if ('error' in next) throw next.error;
    const nextOffset = next.nextOffset ?? (next.offsets.at(-1) ?? 0) + 1;
    const records = next.offsets.map((offset) => logRecord({ offset, value: `in ${offset}` }));
    return { topic: INPUT, partition: 0, records, nextOffset, end: next.end ?? nextOffset };
  }
}

/** Hooks of a test into the stage. */
export interface StageHooks {
  recover?(carried: Carried, writer: TransactionalWriter, offset: number): Promise<number | undefined>;
  process?(record: LogRecord): unknown;
  emit?(): void;
  committed?(result: CommitResult): Promise<void>;
}

/** A stage that answers every record at the next commit, counts them, and says what is asked of it. */
export function testStage(hooks: StageHooks = {}, calls: string[] = [], largestCommit?: number): Stage {
  return {
    name: 'test',
    input: INPUT,
    outputs: [OUTPUT],
    ...(largestCommit !== undefined && { largestCommit }),
    open: (partition) => testPartition(partition, hooks, calls),
  };
}

function testPartition(partition: number, hooks: StageHooks, calls: string[]): StagePartition {
  let count = 0;
  return {
    async recover({ offset, carried }, writer) {
      calls.push('recover');
      count = Number(carried['count'] ?? 0);
      return hooks.recover?.(carried, writer, offset);
    },
    operators: (commit) => (records) =>
      new Observable((subscriber) => {
        let pending: OutputRecord[] = [];
        const subscription = commit.subscribe(() => {
          try {
            hooks.emit?.();
          } catch (error) {
            subscriber.error(error);
          }
          for (const record of pending) subscriber.next(record);
          pending = [];
        });
        subscription.add(
          records.subscribe((record) => {
            try {
              hooks.process?.(record);
            } catch (error) {
              subscriber.error(error);
            }
            count++;
            pending.push({ topic: OUTPUT, partition, key: null, value: `out ${record.offset}` });
          }),
        );
        subscription.add(() => calls.push('unsubscribed'));
        return subscription;
      }),
    carried: () => ({ count }),
    async committed(result) {
      calls.push(`committed ${result.nextOffset(OUTPUT, partition)}`);
      await hooks.committed?.(result);
    },
  };
}

/** An error that may pass. */
export const passing = (what = 'for a while'): PulseError => new PulseError('source-unavailable', what);
