import { type SchedulerAction, type SchedulerLike, Subscription } from 'rxjs';

interface Timer {
  readonly due: number;
  fire(): void;
}

/** A clock that is put forward by hand; timers that have become due then fire, in order. */
export class ManualTime implements SchedulerLike {
  readonly #timers = new Set<Timer>();
  #now = Date.UTC(2024, 0, 1);

  now(): number {
    return this.#now;
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.size;
  }

  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    const again = (next?: T, after = 0): Subscription => this.schedule(work, after, next);
    const action = Object.assign(new Subscription(), { schedule: again });
    const timer: Timer = { due: this.#now + delay, fire: () => work.call(action, state) };
    this.#timers.add(timer);
    action.add(() => this.#timers.delete(timer));
    return action;
  }

  advance(ms: number): void {
    const until = this.#now + ms;
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      this.#now = next.due;
      this.#timers.delete(next);
      next.fire();
    }
    this.#now = until;
  }

  #next(until: number): Timer | undefined {
    const due = [...this.#timers].filter((timer) => timer.due <= until);
    return due.sort((one, other) => one.due - other.due)[0];
  }
}
