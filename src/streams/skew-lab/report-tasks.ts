import type { TaskReport } from './lab-report.ts';
import type { RanWave } from './run-strategy.ts';

/** What each task did, from the steps that were done for it. */
export function reportTasks(waves: readonly RanWave[], tasks: number): readonly TaskReport[] {
  return Array.from({ length: tasks }, (_, task) => {
    const byWave = waves.map(({ steps }) => steps.filter(({ step }) => step.task === task));
    const busyMsByWave = byWave.map((steps) => sum(steps.map(({ done }) => done.busyMs)));
    const steps = byWave.flat();
    const worked = (kind: 'home' | 'received'): number =>
      sum(steps.map(({ step, done }) => (done.kind === 'worked' && step.kind === kind ? done.records : 0)));
    const sent = steps.flatMap(({ done }) => (done.kind === 'forwarded' ? done.bundles : []));
    return {
      task,
      records: worked('home') + worked('received'),
      busyMs: sum(busyMsByWave),
      busyMsByWave,
      forwarded: sum(sent.map(({ records }) => records)),
      received: worked('received'),
    };
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
