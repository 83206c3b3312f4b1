import type { SchedulerLike } from 'rxjs';

/**
 * What the work comes to, or a rejection with what `late` makes when it has not come to anything after so many
 * milliseconds. The work itself goes on: whoever calls this sees to it that it can do no harm.
 */
export const within = <Result>(
  work: Promise<Result>,
  ms: number,
  time: SchedulerLike,
  late: () => Error,
): Promise<Result> =>
  new Promise((resolve, reject) => {
    const timer = time.schedule(() => reject(late()), ms);
    work.then(resolve, reject).finally(() => timer.unsubscribe());
  });
