import type { ManualClock } from './manual-clock.ts';
import { until } from './until.ts';

/** How something ended that waited on the clock. */
export interface Finished<Value> {
  /** Every wait that it took, in milliseconds. */
  readonly waits: readonly number[];
  readonly outcome: PromiseSettledResult<Value>;
}

/** Moves the clock on over every wait until the promise is settled. */
export async function finish<Value>(clock: ManualClock, promise: Promise<Value>): Promise<Finished<Value>> {
  const waits: number[] = [];
  let outcome: PromiseSettledResult<Value> | undefined;
  void Promise.allSettled([promise]).then(([settled]) => (outcome = settled));
  for (;;) {
    await until(() => outcome !== undefined || clock.waits.length > 0);
    if (outcome !== undefined) return { waits, outcome };
    const wait = clock.waits[0] ?? 0;
    waits.push(wait);
    clock.advance(wait);
  }
}
