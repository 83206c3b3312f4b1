import type { SchedulerLike } from 'rxjs';

/** Resolves after that many milliseconds of the scheduler, or at once when the signal aborts. */
export function sleep(scheduler: SchedulerLike, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      timer.unsubscribe();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = scheduler.schedule(done, ms);
    signal.addEventListener('abort', done);
  });
}
