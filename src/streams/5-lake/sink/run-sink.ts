import type { SchedulerLike } from 'rxjs';
import { type ErrorCode, PulseError } from '../../../errors.ts';
import { sleepOn } from '../../clock/sleep.ts';
import type { Log, RecordBatch } from '../../log/log.ts';
import type { DeltaTableOptions } from '../delta/delta-table.ts';
import { UncommittedFiles } from '../delta/uncommitted-files.ts';
import { canBeMended, withAdvice } from '../table-failure.ts';
import { type FlushPolicy, SinkSession, type SinkSpec } from './sink-session.ts';

export interface RunSinkOptions {
  readonly log: Log;
  readonly spec: SinkSpec;
  readonly policy: FlushPolicy;
  readonly delta: DeltaTableOptions;
  readonly clock: SchedulerLike;
  /** End when everything that the topic holds is in the table. */
  readonly untilCaughtUp: boolean;
  readonly onNotice: (what: string) => void;
}

/** What a sink has done. */
export interface SinkOutcome {
  /** Rows that were appended, or changed. */
  readonly rows: number;
  /** The table's version, as it was left; -1 where it was never opened. */
  readonly version: number;
  /** Why it could not go on, where it still waits. */
  readonly waitsFor: ErrorCode | undefined;
}

/**
 * Keeps one table of the lake up with its topic until the signal aborts: then it commits what it has read. Where another
 * program writes to the same table, the two take turns, and no row is written twice. While the disk is full, or can't be
 * written, or the table on it is damaged or another log's, or the log or the schema registry is away, it tries again at
 * every interval: nothing is lost, the topic holds what the table lacks.
 */
export async function runSink(options: RunSinkOptions, signal: AbortSignal): Promise<SinkOutcome> {
  const { spec, policy, clock, untilCaughtUp, onNotice } = options;
  const sink: Sink = { rows: 0, version: -1, waitsFor: undefined, uncommitted: new UncommittedFiles(options.delta) };
  for (;;) {
    try {
      if (await runSession(options, sink, signal)) return sink;
    } catch (caught) {
      const error = canBeMended(caught) ? withAdvice(caught, spec.table.name) : caught;
      if (!mayPass(error, untilCaughtUp)) throw error;
      const isTold = sink.waitsFor === error.code;
      if (signal.aborted && !isTold) throw error;
      if (!isTold) onNotice(`the table ${spec.table.name} waits: ${error.message}`);
      sink.waitsFor = error.code;
      await sleepOn(clock)(policy.intervalMs, signal);
      if (signal.aborted) return sink;
    }
  }
}

/** What is known of a sink's work across its sessions. */
interface Sink {
  rows: number;
  version: number;
  /** Why it could not go on, as it has said. */
  waitsFor: ErrorCode | undefined;
  readonly uncommitted: UncommittedFiles;
}

/** Whoever waits for the end is told of a disk and of a bad table at once, and does not wait for ever. */
function mayPass(error: unknown, untilCaughtUp: boolean): error is PulseError {
  if (canBeMended(error)) return !untilCaughtUp;
  // Whoever opens the table anew finds out what has become of the topic.
  if (error instanceof PulseError && error.code === 'offset-out-of-range') return !untilCaughtUp;
  return error instanceof PulseError && error.remedy === 'retry';
}

/** False where another program's commit has ended it. */
async function runSession(options: RunSinkOptions, sink: Sink, signal: AbortSignal): Promise<boolean> {
  const { log, spec, policy, delta, untilCaughtUp, onNotice } = options;
  const session = await SinkSession.open({ log, spec, policy, delta, uncommitted: sink.uncommitted });
  try {
    if (await session.catchUp(signal)) {
      if (sink.waitsFor !== undefined) onNotice(`the table ${spec.table.name} is written again`);
      sink.waitsFor = undefined;
      if (untilCaughtUp || signal.aborted) return true;
      if (await follow(options, session, signal)) return true;
    }
  } finally {
    sink.rows += session.rows;
    sink.version = session.version;
  }
  onNotice(`another program has written to the table ${spec.table.name}: going on from where it is`);
  return false;
}

/** Takes what comes, and commits it when the interval is over; true when the signal has aborted and all is committed. */
async function follow(options: RunSinkOptions, session: SinkSession, signal: AbortSignal): Promise<boolean> {
  const { log, policy, clock } = options;
  const ending = new AbortController();
  const stop = AbortSignal.any([signal, ending.signal]);
  const sleep = sleepOn(clock);
  const batches = log.tail(session.positions(), stop)[Symbol.asyncIterator]();
  const pull = (): Promise<IteratorResult<RecordBatch, unknown>> => {
    const pulled = batches.next();
    // Awaited after the flush that may be under way; until then its failure is nobody's.
    pulled.catch(() => undefined);
    return pulled;
  };
  const wait = (): Promise<'due'> => sleep(policy.intervalMs, stop).then(() => 'due');
  try {
    let next = pull();
    let due = wait();
    for (;;) {
      const event = await Promise.race([next, due]);
      if (event === 'due' && !stop.aborted) {
        if (session.hasNews && !(await session.flush())) return false;
        due = wait();
      } else if (event === 'due' || event.done === true) {
        return await session.flush();
      } else {
        if (!(await session.take(event.value))) return false;
        next = pull();
      }
    }
  } finally {
    ending.abort();
    await batches.return?.();
  }
}
