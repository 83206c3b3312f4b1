import { createHash } from 'node:crypto';
import { replicasOf } from './coin-table.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import type { DecisionReport, HopReport, LatencyReport, SaltedReport, StrategyReport } from './lab-report.ts';
import type { LabSpec } from './lab-spec.ts';
import { reportTasks } from './report-tasks.ts';
import type { RanStep } from './run-steps.ts';
import type { StrategyRun } from './run-strategy.ts';
import { simulateMakespan } from './simulate-makespan.ts';
import { summaryOf } from './summary.ts';

/** Puts together what was measured of a strategy; `executors`: how many are simulated. */
export function reportStrategy(run: StrategyRun, spec: LabSpec, executors: readonly number[]): StrategyReport {
  const steps = run.waves.flatMap((wave) => wave.steps);
  const tasks = reportTasks(run.waves, spec.tasks);
  return {
    strategy: run.strategy,
    tasks,
    records: summaryOf(tasks.map(({ records }) => records)),
    busy: summaryOf(tasks.map(({ busyMs }) => busyMs)),
    waves: run.waves.map(({ startedMs, tookMs }) => ({ startedMs, tookMs })),
    makespan: {
      measuredMs: run.makespanMs,
      sampleMs: run.sampleMs,
      reduceMs: run.reduce.tookMs,
      simulatedFromMeasuredCosts: executors.map((count) => ({ executors: count, ms: simulated(run, count) })),
    },
    recordsPerSecond: (1_000 * spec.records) / run.makespanMs,
    latency: latencyOf(steps),
    hop: hopOf(steps, run),
    salted: run.salted.map(saltedOf),
    decisions: run.decisions.map(decisionOf),
    replicas: spec.workload === 'join' ? replicasOf(run.salted) : 0,
    shuffle: {
      bytes: run.shuffleBytes.reduce((sum, bytes) => sum + bytes, 0),
      partitions: run.shuffleBytes.length,
      coalesced: run.reduce.steps.length,
      busy: summaryOf(run.reduce.steps.map(({ done }) => done.busyMs)),
    },
    hash: createHash('sha256')
      .update([...run.lines].sort().join('\n'))
      .digest('hex'),
  };
}

function simulated({ waves, reduce, sampleMs }: StrategyRun, executors: number): number {
  const measured = [...waves, reduce].map(({ steps }) =>
    simulateMakespan(
      steps.map(({ step, done }) => ({ task: step.task, kind: step.kind, busyMs: done.busyMs })),
      executors,
    ),
  );
  return measured.reduce((sum, ms) => sum + ms, sampleMs);
}

function latencyOf(steps: readonly RanStep[]): LatencyReport {
  const latency = new LatencyHistogram();
  for (const { done } of steps) if (done.kind === 'worked') latency.merge(done.latency);
  const [p50, p95, p99, max] = [0.5, 0.95, 0.99, 1].map((share) => latency.quantile(share));
  const histogram = latency.buckets().map(({ upToMs, records }) => ({ upToMs, records }));
  return { p50: p50 ?? 0, p95: p95 ?? 0, p99: p99 ?? 0, max: max ?? 0, histogram };
}

function hopOf(steps: readonly RanStep[], { costs }: StrategyRun): HopReport {
  const bundles = steps.flatMap(({ done }) => (done.kind === 'forwarded' ? done.bundles : []));
  const records = bundles.reduce((sum, bundle) => sum + bundle.records, 0);
  const hopMs = ({ done }: RanStep): number =>
    done.kind === 'forwarded' ? done.busyMs : done.kind === 'worked' ? done.receiveMs : 0;
  return {
    records,
    bytes: bundles.reduce((sum, bundle) => sum + bundle.bytes.length, 0),
    bundles: bundles.length,
    sendUs: records === 0 ? null : costs.sendUs,
    receiveUs: records === 0 ? null : costs.receiveUs,
    busyMs: steps.reduce((sum, step) => sum + hopMs(step), 0),
  };
}

const saltedOf = ({ key, home, cycle }: StrategyRun['salted'][number]): SaltedReport => ({
  key,
  home,
  shares: [...new Set(cycle)]
    .sort((a, b) => a - b)
    .map((task) => ({ task, share: cycle.filter((each) => each === task).length / cycle.length })),
});

const decisionOf = ({ kind, wave, salted, before, after }: StrategyRun['decisions'][number]): DecisionReport => ({
  ...{ kind, wave, keys: salted.map(({ key }) => key) },
  before: finite(before.ratio),
  after: finite(after.ratio),
});

const finite = (ratio: number): number | null => (Number.isFinite(ratio) ? ratio : null);
