import type { SchedulerLike } from 'rxjs';

/** Where readers wait for records, and where whoever commits wakes them. */
export interface Arrivals {
  /**
   * What `look` finds, as soon as it finds something; undefined when it still found nothing after `waitMs` or when the
   * signal aborts. Looks at once and after every wake; rejects with what `look` throws.
   */
  find<Found>(look: () => Found | undefined, waitMs: number, signal: AbortSignal): Promise<Found | undefined>;
  wake(): void;
}

/** Arrivals among the readers of one thread. */
export class LocalArrivals implements Arrivals {
  readonly #time: SchedulerLike;
  readonly #waiting = new Set<() => void>();

  constructor(time: SchedulerLike) {
    this.#time = time;
  }

  get hasWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  async find<Found>(look: () => Found | undefined, waitMs: number, signal: AbortSignal): Promise<Found | undefined> {
    let isOver = waitMs <= 0;
    let end: (() => void) | undefined;
    const finish = (): void => {
      isOver = true;
      end?.();
    };
    const timer = isOver || !Number.isFinite(waitMs) ? undefined : this.#time.schedule(finish, waitMs);
    signal.addEventListener('abort', finish, { once: true });
    try {
      for (;;) {
        if (signal.aborted) return undefined;
        const found = look();
        if (found !== undefined || isOver) return found;
        await new Promise<void>((resolve) => {
          end = resolve;
          this.#waiting.add(resolve);
        });
        if (end !== undefined) this.#waiting.delete(end);
      }
    } finally {
      timer?.unsubscribe();
      signal.removeEventListener('abort', finish);
    }
  }

  wake(): void {
    const woken = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of woken) resolve();
  }
}
