import type { Observable, OperatorFunction } from 'rxjs';
import type { CommitResult, OutputRecord, TransactionalWriter } from '../log/log.ts';
import type { LogRecord } from '../log/record.ts';
import type { Carried, StagePosition } from './positions.ts';

/** What a step of the flow reads and writes. */
export interface StageShape {
  readonly name: string;
  /** The input topic. */
  readonly input: string;
  /** The topics that hold its results: where they hold something, its positions must be there too. */
  readonly outputs: readonly string[];
}

/** A step of the flow, and how to open it on a partition. */
export interface Stage extends StageShape {
  /** A commit takes no more input records than about this, where one of them can make many outputs. */
  readonly largestCommit?: number;
  open(partition: number): StagePartition;
  /** Throws away what the stage keeps of a partition, where that is found damaged: its next start makes it anew. */
  discard?(partition: number): Promise<void>;
}

/** What a stage's position says of it when a task starts. */
export type RecoveredPosition = Pick<StagePosition, 'offset' | 'carried'>;

/** A stage at work on one partition of its input; made anew for every start of a task. */
export interface StagePartition {
  /**
   * Brings the stage's own state up to the log, before anything is processed; earlier owners are fenced by then.
   * `position` is where it stands, and what it carries. Where the position must be written again, resolves to the offset that it
   * says then: beyond the one that was, where what lies between is in the state already. Where the signal aborts, it may leave
   * off wherever it is: nothing is processed on top of it then.
   */
  recover(position: RecoveredPosition, writer: TransactionalWriter, signal: AbortSignal): Promise<number | undefined>;
  /** The stage's operators. What has been emitted when `commit` has fired belongs to that commit. */
  operators(commit: Observable<unknown>): OperatorFunction<LogRecord, OutputRecord>;
  /** What goes with the position in the commit. */
  carried(): Carried;
  /** The outputs are durable: now the stage's own state moves. */
  committed(result: CommitResult): Promise<void>;
  /** What its task's reports say of it besides; about once a second. */
  told?(): StageNews;
}

/** What a stage says of itself: data that can be written as JSON. */
export type StageNews = Readonly<Record<string, unknown>>;
