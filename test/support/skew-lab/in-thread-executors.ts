import process from 'node:process';
import type { Executors } from '../../../src/streams/skew-lab/executors.ts';
import { type LabSetup, StepRunner } from '../../../src/streams/skew-lab/step-runner.ts';
import type { Step, StepDone } from '../../../src/streams/skew-lab/steps.ts';

export const realTime = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Executors that take turns in this thread; `tamper` may change what one of them says it has done. */
export function inThreadExecutors(
  setup: LabSetup,
  count: number,
  tamper: (done: StepDone, step: Step) => StepDone = (done) => done,
): Executors {
  const runners = Array.from({ length: count }, () => new StepRunner(setup, { now: realTime, busy: realTime }));
  return {
    count,
    async run(executor, step) {
      const runner = runners[executor];
      if (runner === undefined) throw new RangeError(`there is no executor ${executor}`);
      // As a thread would: not before whoever asks has gone on.
      await Promise.resolve();
      return tamper(runner.run(step), step);
    },
  };
}
