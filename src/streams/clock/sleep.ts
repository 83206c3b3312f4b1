import type { SchedulerLike } from 'rxjs';

/** Resolves after so many milliseconds, however many, or at once when the signal aborts; never rejects. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** Node's timers hold 31 bits; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Sleeping on a scheduler: a real one in production, a virtual one in tests. */
export const sleepOn =
  (scheduler: SchedulerLike): Sleep =>
  async (ms, signal) => {
    let left = ms;
    do {
      const next = Math.min(left, LONGEST_TIMER_MS);
      if (signal?.aborted !== true) await nap(scheduler, next, signal);
      left -= next;
    } while (left > 0 && signal?.aborted !== true);
  };

const nap = (scheduler: SchedulerLike, ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const wake = (): void => {
      timer.unsubscribe();
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = scheduler.schedule(wake, ms);
    signal?.addEventListener('abort', wake);
  });
