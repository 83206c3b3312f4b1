import { PulseError } from '../../errors.ts';
import type { Sleep } from '../clock/sleep.ts';
import { unlessAborted } from '../clock/unless-aborted.ts';
import type { PartitionSource } from '../log/log.ts';
import { Task, type TaskOptions } from './task.ts';

export interface TaskSlotOptions extends Omit<TaskOptions, 'source'> {
  readonly source: PartitionSource;
  readonly sleep: Sleep;
  readonly onNotice: (what: string) => void;
  /** Told once, when the slot has given up. */
  readonly onHalt: (error: unknown) => void;
}

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 10_000;

/**
 * Keeps a task running on a partition for as long as this member owns it. An error that may pass starts the task anew,
 * with a new writer. So does being fenced, once the group says afresh that the partition is still this member's: whoever
 * fenced it was an owner of before who had not heard yet. So does a stage's state that is found damaged, which is thrown away
 * first. Anything else is handed up.
 */
export class TaskSlot {
  readonly #options: TaskSlotOptions;
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;
  #task: Task;
  #giveUp: (error: PulseError) => void = () => undefined;
  #hasDiscarded = false;

  constructor(options: TaskSlotOptions) {
    this.#options = options;
    this.#task = new Task(options);
    this.#running = this.#run();
  }

  get task(): Task {
    return this.#task;
  }

  get stage(): string {
    return this.#options.stage.name;
  }

  get topic(): string {
    return this.#options.source.topic;
  }

  get partition(): number {
    return this.#options.source.partition;
  }

  /** Whether the partition may be another member's by now. */
  get isInDoubt(): boolean {
    return this.#options.source.isInDoubt;
  }

  /** Ends the task, committing what it has processed or not, and waits for it. */
  async stop(ending: 'commit' | 'abandon'): Promise<void> {
    this.#stopped.abort();
    this.#task.stop(ending);
    await this.#running;
  }

  /** Gives the task up as it is, even where it hangs, and starts another one. `why` is what a person is told. */
  restart(why: string): void {
    this.#task.stop('abandon');
    this.#giveUp(new PulseError('standstill', why));
  }

  async #run(): Promise<void> {
    let told: string | undefined;
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
      try {
        await Promise.race([this.#task.run(), this.#givenUp()]);
        return;
      } catch (error) {
        if (!(await this.#mayPass(error))) return;
        // What has failed for once after it got somewhere is no worse than at its start.
        if (this.#task.figures.records > 0) [wait, told] = [FIRST_WAIT_MS, undefined];
        const why = (error as Error).message;
        const what = isDamage(error)
          ? 'has dropped its state and restores it from the log'
          : `starts anew in ${wait} ms`;
        // What it waits for is said once, however long that takes.
        if (why !== told) this.#options.onNotice(`${this.#task.key} failed and ${what}: ${why}`);
        told = why;
      }
      await this.#options.sleep(wait, this.#stopped.signal);
      if (this.#stopped.signal.aborted) return;
      this.#task = new Task(this.#options);
    }
  }

  #givenUp(): Promise<never> {
    return new Promise((_, reject) => (this.#giveUp = reject));
  }

  /** Whether to start anew; says so to whom it may concern where not. */
  async #mayPass(error: unknown): Promise<boolean> {
    const { onHalt, onNotice, source } = this.#options;
    if (error instanceof PulseError && error.remedy === 'retry') return true;
    if (isDamage(error)) return this.#discard(error);
    if (!(error instanceof PulseError && error.code === 'fenced')) {
      onHalt(error);
      return false;
    }
    const isOwned = await unlessAborted(source.isOwned('afresh'), this.#stopped.signal);
    if (isOwned !== true) onNotice(`${this.#task.key} has moved to another instance`);
    return isOwned === true;
  }

  /** Throws the stage's state away. What is damaged again before anything has come of it is handed up: rebuilding is no remedy. */
  async #discard(error: PulseError): Promise<boolean> {
    const { stage, source, onHalt } = this.#options;
    const isAgain = this.#hasDiscarded && this.#task.figures.records === 0;
    try {
      if (isAgain || stage.discard === undefined) throw error;
      await stage.discard(source.partition);
    } catch (failure) {
      onHalt(failure);
      return false;
    }
    this.#hasDiscarded = true;
    return true;
  }
}

const isDamage = (error: unknown): error is PulseError => error instanceof PulseError && error.code === 'state-corrupt';
