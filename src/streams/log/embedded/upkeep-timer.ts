import { type SchedulerLike, Subscription } from 'rxjs';
import type { Environment } from './environment.ts';
import type { Tables } from './tables.ts';
import type { Upkeep } from './upkeep.ts';
import { RENEWAL_MS, type WriterLock } from './writer-lock.ts';
import type { Submit } from './write-queue.ts';

/**
 * Does a log's upkeep every few seconds: gives the writer lock's sign of life, forgets readers that died (their
 * snapshots would keep the file growing), applies retention, and cleans what is due.
 *
 * What goes wrong here (a full disk, a lost lock, a damaged batch) is not reported: the next commit or read meets the
 * same, and rejects.
 */
export class UpkeepTimer {
  readonly #environment: Environment;
  readonly #upkeep: Upkeep;
  readonly #lock: WriterLock;
  readonly #submit: Submit;
  readonly #time: SchedulerLike;
  readonly #timer = new Subscription();
  #running: Promise<void> = Promise.resolve();

  constructor(environment: Environment, upkeep: Upkeep, lock: WriterLock, submit: Submit, time: SchedulerLike) {
    this.#environment = environment;
    this.#upkeep = upkeep;
    this.#lock = lock;
    this.#submit = submit;
    this.#time = time;
    this.#again();
  }

  async stop(): Promise<void> {
    this.#timer.unsubscribe();
    await this.#running;
  }

  #again(): void {
    const run = (): void => {
      this.#running = this.#run().then(
        () => this.#again(),
        () => this.#again(),
      );
    };
    if (!this.#timer.closed) this.#timer.add(this.#time.schedule(run, RENEWAL_MS));
  }

  async #run(): Promise<void> {
    this.#environment.tables.root.readerCheck();
    const renewal = { bytes: 0, run: (tables: Tables) => this.#lock.renew(tables, this.#time.now()) };
    // Of the threads that share the log, one does the rest.
    if (!(await this.#submit(renewal))) return;
    await this.#upkeep.sweep();
    await this.#upkeep.expire();
    await this.#upkeep.compact('due');
  }
}
