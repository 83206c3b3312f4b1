import type { SchedulerLike, Subscription } from 'rxjs';

/** Does the work every so many milliseconds, never twice at once, until unsubscribed; what fails is done again next time. */
export function every(
  clock: SchedulerLike,
  ms: number,
  work: () => Promise<void>,
  onFailure: (error: unknown) => void,
): Subscription {
  let isBusy = false;
  return clock.schedule(function again() {
    if (!isBusy) {
      isBusy = true;
      work()
        .catch(onFailure)
        .finally(() => (isBusy = false));
    }
    this.schedule(undefined, ms);
  }, ms);
}
