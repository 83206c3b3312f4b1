import type { Executors } from './executors.ts';
import { type ScheduledStep, StepSchedule } from './step-schedule.ts';
import type { Forwarded, Step, StepDone } from './steps.ts';

/** A step that is scheduled; what it consists of is known once it begins. */
export interface PlannedStep extends ScheduledStep {
  readonly order: () => Step;
}

/** A step that was done. */
export interface RanStep {
  readonly step: PlannedStep;
  readonly done: StepDone;
}

/**
 * Has the executors do the steps, each the next one as soon as it has nothing to do. When all is forwarded, what was
 * forwarded is worked on by those that it went to.
 */
export async function runSteps(
  executors: Executors,
  first: readonly PlannedStep[],
  receive: (forwarded: readonly Forwarded[]) => readonly PlannedStep[] = () => [],
): Promise<readonly RanStep[]> {
  const schedule = new StepSchedule(first);
  const ran: RanStep[] = [];
  const idle = Array.from({ length: executors.count }, (_, executor) => executor);
  const running = new Map<number, Promise<{ readonly executor: number; readonly ended: RanStep }>>();
  let awaited = first.some(({ kind }) => kind === 'forward');
  for (;;) {
    if (awaited && schedule.hasForwarded) {
      awaited = false;
      for (const step of receive(ran.flatMap(({ done }) => (done.kind === 'forwarded' ? [done] : []))))
        schedule.add(step);
    }
    for (let step = next(idle, schedule); step !== undefined; step = next(idle, schedule)) {
      const executor = idle.pop() ?? 0;
      running.set(executor, runOn(executors, executor, step));
    }
    if (running.size === 0) return ran;
    const { executor, ended } = await Promise.race(running.values());
    running.delete(executor);
    idle.push(executor);
    schedule.done(ended.step);
    ran.push(ended);
  }
}

const next = (idle: readonly number[], schedule: StepSchedule<PlannedStep>): PlannedStep | undefined =>
  idle.length === 0 ? undefined : schedule.take();

async function runOn(
  executors: Executors,
  executor: number,
  step: PlannedStep,
): Promise<{ readonly executor: number; readonly ended: RanStep }> {
  return { executor, ended: { step, done: await executors.run(executor, step.order()) } };
}
