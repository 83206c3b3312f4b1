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
 * fenced it was an owner of before who had not heard yet. Anything else is handed up.
 */
export class TaskSlot {
  readonly #options: TaskSlotOptions;
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;
  #task: Task;
  #giveUp: (error: PulseError) => void = () => undefined;

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
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
      try {
        await Promise.race([this.#task.run(), this.#givenUp()]);
        return;
      } catch (error) {
        if (!(await this.#mayPass(error))) return;
        // What has failed for once after it got somewhere is no worse than at its start.
        if (this.#task.figures.records > 0) wait = FIRST_WAIT_MS;
        this.#options.onNotice(`${this.#task.key} failed and starts anew in ${wait} ms: ${(error as Error).message}`);
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
    if (!(error instanceof PulseError && error.code === 'fenced')) {
      onHalt(error);
      return false;
    }
    const isOwned = await unlessAborted(source.isOwned('afresh'), this.#stopped.signal);
    if (isOwned !== true) onNotice(`${this.#task.key} has moved to another instance`);
    return isOwned === true;
  }
}
