import { type SchedulerAction, type SchedulerLike, Subscription } from 'rxjs';

interface Timer {
  readonly due: number;
  readonly fire: () => void;
}

/**
 * Virtual time that passes by itself: whenever the event loop comes round with timers pending, the earliest fires and
 * the clock stands at its due time. A pipeline that waits in its own time runs as fast as its promises allow.
 */
export class HastyClock implements SchedulerLike {
  readonly #timers = new Set<Timer>();
  #now: number;
  #turning = false;

  constructor(now = Date.UTC(2024, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    const subscription = new Subscription();
    const plan = (after: number, given?: T): void => {
      const timer: Timer = {
        due: this.#now + Math.max(0, after),
        fire: () => {
          this.#timers.delete(timer);
          work.call(action, given);
        },
      };
      this.#timers.add(timer);
      subscription.add(() => this.#timers.delete(timer));
      this.#turn();
    };
    const action = Object.assign(subscription, {
      schedule: (next?: T, after = 0): Subscription => {
        if (!subscription.closed) plan(after, next);
        return subscription;
      },
    }) as unknown as SchedulerAction<T>;
    plan(delay, state);
    return subscription;
  }

  #turn(): void {
    if (this.#turning) return;
    this.#turning = true;
    setImmediate(() => {
      this.#turning = false;
      let next: Timer | undefined;
      for (const timer of this.#timers) if (next === undefined || timer.due < next.due) next = timer;
      if (next === undefined) return;
      this.#now = Math.max(this.#now, next.due);
      next.fire();
      if (this.#timers.size > 0) this.#turn();
    });
  }
}
