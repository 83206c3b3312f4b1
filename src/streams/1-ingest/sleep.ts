import type { SchedulerLike } from 'rxjs';

/** Resolves after `ms` milliseconds of the scheduler, or when the signal aborts: look at the signal. Never rejects. */
export function sleep(scheduler: SchedulerLike, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      timer.unsubscribe();
      signal.removeEventListener('abort', finish);
      resolve();
    };
    signal.addEventListener('abort', finish);
    const timer = scheduler.schedule(() => finish(), Math.max(0, ms));
  });
}
