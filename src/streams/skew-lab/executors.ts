import type { Step, StepDone } from './steps.ts';

/** Whoever does steps, so many at once: threads, or a single one that takes turns. */
export interface Executors {
  readonly count: number;
  /** Has one of them, from 0, do a step; it does nothing else until that is done. */
  run(executor: number, step: Step): Promise<StepDone>;
}
