import type { Arrived } from './adaptive-plan.ts';
import type { Executors } from './executors.ts';
import type { RecordRange } from './input.ts';
import { type PlannedStep, type RanStep, runSteps } from './run-steps.ts';
import type { Forwarded, ForwardStep, Plan } from './steps.ts';

/** One wave of records, by the tasks that they came in for. */
export interface Wave {
  readonly wave: number;
  readonly waveStartedAt: number;
  readonly records: readonly RecordRange[];
  readonly plan: Plan;
  /** Whether the records of salted keys are forwarded; where they are not, they were dealt out before they came in. */
  readonly isAdaptive: boolean;
}

/** Has all records of a wave worked on. */
export async function runWave(
  executors: Executors,
  wave: Wave,
): Promise<{ readonly steps: readonly RanStep[]; readonly arrived: readonly Arrived[] }> {
  const stayed = new Map<number, RecordRange>();
  const watched: Executors = {
    count: executors.count,
    async run(executor, step) {
      const done = await executors.run(executor, step);
      // A task's work at home begins after its forwarding: what stays is known by then.
      if (step.kind === 'forward' && done.kind === 'forwarded') stayed.set(step.task, done.stayed);
      return done;
    },
  };
  const homes = new Set(wave.isAdaptive ? wave.plan.salted.map(({ home }) => home) : []);
  const first = wave.records.flatMap((records, task) => {
    const home = homeStep(wave, task, records, stayed);
    return homes.has(task) ? [forwardStep(wave, task, records), home] : [home];
  });
  const steps = await runSteps(watched, first, (forwarded) => receivedSteps(wave, forwarded));
  return { steps, arrived: steps.flatMap((ran) => arrivedOf(ran, wave, homes)) };
}

function forwardStep({ wave, plan }: Wave, task: number, records: RecordRange): PlannedStep {
  const step: ForwardStep = { kind: 'forward', task, plan, wave, records };
  return { kind: 'forward', task, weight: sizeOf(records), order: () => step };
}

function homeStep(
  { plan, isAdaptive, waveStartedAt }: Wave,
  task: number,
  records: RecordRange,
  stayed: ReadonlyMap<number, RecordRange>,
): PlannedStep {
  const stays = (): RecordRange => stayed.get(task) ?? records;
  // What is forwarded is watched for heavy hitters then.
  const isWatched = (): boolean => isAdaptive && !stayed.has(task);
  return {
    ...{ kind: 'home', task, weight: sizeOf(records) },
    order: () => ({ kind: 'home', task, plan, waveStartedAt, records: stays(), isWatched: isWatched() }),
  };
}

function receivedSteps({ plan, waveStartedAt }: Wave, forwarded: readonly Forwarded[]): readonly PlannedStep[] {
  const bundles = forwarded.flatMap((each) => each.bundles);
  return [...new Set(bundles.map(({ to }) => to))].map((task) => {
    const mine = bundles.filter(({ to }) => to === task);
    return {
      ...{ kind: 'received', task, weight: mine.reduce((sum, { records }) => sum + records, 0) },
      order: () => ({ kind: 'received', task, plan, waveStartedAt, bundles: mine }),
    };
  });
}

function arrivedOf({ step, done }: RanStep, { records }: Wave, forwarding: ReadonlySet<number>): readonly Arrived[] {
  const { task } = step;
  const cameIn = done.kind === 'forwarded' || (step.kind === 'home' && !forwarding.has(task));
  if (!cameIn || (done.kind !== 'worked' && done.kind !== 'forwarded')) return [];
  return [{ task, records: sizeOf(records[task]), heaviest: done.heaviest }];
}

const sizeOf = (range: RecordRange | undefined): number => (range === undefined ? 0 : range.to - range.from);
