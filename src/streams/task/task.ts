import { type SchedulerLike, Subject, type Subscription } from 'rxjs';
import { PulseError } from '../../errors.ts';
import type { Log, OutputRecord, PartitionSource, RecordBatch, TransactionalWriter } from '../log/log.ts';
import type { LogRecord } from '../log/record.ts';
import { positionKey, positionRecord, readStagePosition, refuseOtherTopic } from './positions.ts';
import type { CommitPolicy } from './commit-policy.ts';
import { PendingCommit } from './pending-commit.ts';
import type { Stage, StageNews, StagePartition } from './stage.ts';
import { type TaskFigures, TaskTally } from './task-tally.ts';

/** The moments of a commit at which a crash leaves something different behind. */
export type CommitStep = 'outputs-ready' | 'log-committed' | 'state-committed';

export interface TaskOptions {
  readonly log: Log;
  readonly stage: Stage;
  readonly source: PartitionSource;
  readonly transactionalId: string;
  readonly group: string;
  readonly positionsTopic: string;
  readonly policy: CommitPolicy;
  readonly clock: SchedulerLike;
  /** Called at each step of a commit; what it throws ends the task there. */
  readonly atStep?: (step: CommitStep, task: string) => void;
}

/** How a task ends: with what it has processed committed, or at once. */
type Ending = 'commit' | 'abandon';

const IDLE_POLL_MS = 200;

/**
 * One stage on one partition of its input: takes batches, pushes them through the stage's operators, and commits outputs
 * and position in one transaction of the log, then the stage's state.
 *
 * ```
 *  fence ─ read position ─ recover state ─ seek ─┬─ poll ─ process ─┬─ due? ─ 1 log: outputs + position ─┐
 *                                                └──────────────────┴──────── 2 state ◄──────────────────┘
 * ```
 *
 * A crash before 1 ends leaves nothing; between 1 and 2 it leaves the state behind, which recovery reads from the
 * changelog. The task owns its next offset: it seeks there at its start and ignores what lies below.
 */
export class Task {
  readonly key: string;
  #committed = 0;
  #end = 0;
  #ending: Ending | undefined;
  #isAtWork = false;
  #next = 0;
  #topicId: string | undefined;
  #failure: { readonly error: unknown } | undefined;
  #partition: StagePartition | undefined;
  readonly #tally = new TaskTally();
  readonly #pending = new PendingCommit();
  readonly #abandoning = new AbortController();
  readonly #options: TaskOptions;
  readonly #input = new Subject<LogRecord>();
  readonly #commits = new Subject<void>();

  constructor(options: TaskOptions) {
    this.#options = options;
    this.key = positionKey(options.stage.name, options.source);
  }

  /** The offset up to which everything is committed; 0 before the task has recovered. */
  get committed(): number {
    return this.#committed;
  }

  /** Whether it has recovered and takes what comes. */
  get isAtWork(): boolean {
    return this.#isAtWork;
  }

  /** What it has done since it started, for reports. */
  get figures(): TaskFigures {
    return this.#tally.figures(Math.max(0, this.#end - this.#committed));
  }

  /** What its stage says of itself. */
  get news(): StageNews {
    return this.#partition?.told?.() ?? {};
  }

  /** Lets {@link run} resolve, after a last commit or without one. */
  stop(ending: Ending): void {
    this.#ending ??= ending;
    if (ending === 'abandon') this.#abandoning.abort();
  }

  /** Works until stopped; rejects with what ended it otherwise. Once only. */
  async run(): Promise<void> {
    const { log, stage, source, transactionalId } = this.#options;
    // Who opens a writer fences the one before: that must not be done by who has slept while the partition moved on.
    if (!(await source.isOwned())) return;
    const writer = await log.writer(transactionalId);
    const partition = (this.#partition = stage.open(source.partition));
    let subscription: Subscription | undefined;
    try {
      // That may have taken its time, too.
      if (!(await source.isOwned())) return;
      await this.#recover(partition, writer);
      subscription = this.#connect(partition);
      this.#isAtWork = true;
      while (this.#ending === undefined) await this.#step(partition, writer);
      if (this.#ending === 'commit') await this.#commit(partition, writer);
    } finally {
      this.#isAtWork = false;
      subscription?.unsubscribe();
      await writer.close();
    }
  }

  async #recover(partition: StagePartition, writer: TransactionalWriter): Promise<void> {
    const { log, stage, source, positionsTopic } = this.#options;
    const position = await readStagePosition(log, positionsTopic, stage.name, source);
    if (position === undefined)
      throw new PulseError('position-missing', `${positionsTopic} has no position ${this.key}: nothing is processed`);
    this.#topicId = await log.topics.id(source.topic);
    refuseOtherTopic(position, this.#topicId);
    this.#next = this.#committed = position.offset;
    const changed = await partition.recover(position, writer, this.#abandoning.signal);
    if (this.#ending === 'abandon') return;
    this.#next = changed ?? position.offset;
    if (changed !== undefined) await writer.commit([this.#position(partition)]);
    this.#committed = this.#next;
    source.seek(this.#next);
  }

  #connect(partition: StagePartition): Subscription {
    return this.#input.pipe(partition.operators(this.#commits)).subscribe({
      next: (record) => this.#pending.add(record),
      error: (error: unknown) => (this.#failure = { error }),
    });
  }

  async #step(partition: StagePartition, writer: TransactionalWriter): Promise<void> {
    const { source, policy, clock, stage } = this.#options;
    const { since: before } = this.#pending;
    const left = before === undefined ? Infinity : before + policy.intervalMs - clock.now();
    const patience = left === Infinity ? IDLE_POLL_MS : Math.max(0, Math.min(left, policy.intervalMs / 4));
    const batch = await source.poll(patience);
    // Somebody may own the partition by now: nothing more is done for it.
    if (this.#ending === 'abandon') return;
    if (batch !== undefined) this.#process(batch);
    const { since } = this.#pending;
    if (since === undefined) return;
    const isQuiet = batch === undefined;
    const isFull = this.#pending.isFull(policy, stage.largestCommit ?? Infinity);
    if (isQuiet || isFull || clock.now() - since >= policy.intervalMs) await this.#commit(partition, writer);
  }

  #process(batch: RecordBatch): void {
    const started = this.#options.clock.now();
    this.#end = batch.end;
    for (const record of batch.records) {
      if (record.offset < this.#next) continue;
      this.#input.next(record);
      this.#pending.records++;
    }
    this.#throwFailure();
    if (batch.nextOffset > this.#next) {
      this.#next = batch.nextOffset;
      this.#pending.since ??= started;
    }
    this.#tally.worked(this.#options.clock.now() - started);
  }

  async #commit(partition: StagePartition, writer: TransactionalWriter): Promise<void> {
    if (this.#pending.since === undefined) return;
    const { clock, source, group, atStep } = this.#options;
    const started = clock.now();
    this.#commits.next();
    this.#throwFailure();
    const outputs = this.#pending.takeOutputs();
    outputs.push(this.#position(partition));
    const progress = { group, topic: source.topic, partition: source.partition, offset: this.#next };
    atStep?.('outputs-ready', this.key);
    const result = await writer.commit(outputs, progress);
    atStep?.('log-committed', this.key);
    // It may have hung, and another task may be at work: state is that one's now.
    if (this.#ending === 'abandon') return;
    await partition.committed(result);
    this.#committed = this.#next;
    this.#tally.committed(this.#pending.records, clock.now() - started);
    this.#pending.clear();
    atStep?.('state-committed', this.key);
  }

  #position(partition: StagePartition): OutputRecord {
    const { positionsTopic, stage, source } = this.#options;
    return positionRecord(positionsTopic, {
      stage: stage.name,
      ...{ topic: source.topic, partition: source.partition },
      ...{ offset: this.#next, topicId: this.#topicId },
      carried: partition.carried(),
    });
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
