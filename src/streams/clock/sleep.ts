import type { SchedulerLike } from 'rxjs';

/** Resolves after so many milliseconds, or at once when the signal aborts; never rejects. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** Sleeping on a scheduler: a real one in production, a virtual one in tests. */
export const sleepOn =
  (scheduler: SchedulerLike): Sleep =>
  (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const wake = (): void => {
        timer.unsubscribe();
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = scheduler.schedule(wake, ms);
      signal?.addEventListener('abort', wake);
    });
