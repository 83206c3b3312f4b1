import { type ScheduledStep, StepSchedule } from './step-schedule.ts';

/** A step that was done, and how long that took. */
export type MeasuredStep = Omit<ScheduledStep, 'weight'> & { readonly busyMs: number };

/**
 * How long so many executors would take for steps that took as long as was measured, scheduled as they are for real: what is
 * received waits until everything is forwarded. Nothing is added for what executors do to each other (memory, network).
 */
export function simulateMakespan(steps: readonly MeasuredStep[], executors: number): number {
  const weighted = steps.map((step) => ({ ...step, weight: step.busyMs }));
  const schedule = new StepSchedule(weighted.filter(({ kind }) => kind !== 'received'));
  const received = weighted.filter(({ kind }) => kind === 'received');
  const running: { readonly step: (typeof weighted)[number]; readonly endsAt: number }[] = [];
  for (let now = 0; ;) {
    if (schedule.hasForwarded) for (const step of received.splice(0)) schedule.add(step);
    while (running.length < executors) {
      const step = schedule.take();
      if (step === undefined) break;
      running.push({ step, endsAt: now + step.busyMs });
    }
    const next = running.sort((a, b) => a.endsAt - b.endsAt).shift();
    if (next === undefined) return now;
    now = next.endsAt;
    schedule.done(next.step);
  }
}
