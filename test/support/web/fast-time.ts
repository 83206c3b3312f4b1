import { asyncScheduler, type SchedulerAction, type SchedulerLike, type Subscription } from 'rxjs';

/** A clock that runs so many times as fast as the real one, and ends up with it: minutes of a flow in seconds. */
export class FastTime implements SchedulerLike {
  readonly #begin = Date.now();
  readonly #lead: number;
  readonly #factor: number;

  /** `aheadMs`: how far back it begins. It is right once so much time has been caught up. */
  constructor(aheadMs: number, factor: number) {
    this.#lead = aheadMs;
    this.#factor = factor;
  }

  now(): number {
    const real = Date.now();
    return Math.min(real, this.#begin - this.#lead + (real - this.#begin) * this.#factor);
  }

  get isCaughtUp(): boolean {
    return this.now() >= Date.now() - 50;
  }

  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    const pace = (ms: number): number => (this.isCaughtUp ? ms : ms / this.#factor);
    return asyncScheduler.schedule(
      function run(this: SchedulerAction<T>, given?: T) {
        const schedule = this.schedule.bind(this);
        this.schedule = (next, ms = 0) => schedule(next, pace(ms));
        work.call(this, given);
        this.schedule = schedule;
      },
      pace(delay),
      state,
    );
  }
}
