import type { SaltedKey } from '../hot-keys/balance.ts';
import type { RecordCosts } from '../hot-keys/lane-demand.ts';
import { AdaptivePlan, type LabDecision } from './adaptive-plan.ts';
import { coalesce, type PartitionGroup } from './coalesce.ts';
import { CostMeter } from './cost-meter.ts';
import type { Executors } from './executors.ts';
import { partitionInput } from './input.ts';
import type { Strategy } from '../hot-keys/strategies.ts';
import type { LabSpec } from './lab-spec.ts';
import type { ArenaReader } from './record-arena.ts';
import { runSteps, type RanStep } from './run-steps.ts';
import { runWave } from './run-wave.ts';
import { sampleHotKeys } from './sample-hot-keys.ts';
import { fetchBlocks, type ShuffleBlock } from './shuffle-block.ts';

/** What the strategies are run with, one after the other. */
export interface Lab {
  readonly spec: LabSpec;
  readonly arena: ArenaReader;
  readonly executors: Executors;
  /** How many executors salting is to be of use to: more than there are, where more are simulated. */
  readonly mostExecutors: number;
  /** Real time. */
  readonly clock: () => number;
  readonly calibrated: RecordCosts;
}

/** A wave as it was: when it began, in milliseconds since the run did, and how long it took. */
export interface RanWave {
  readonly startedMs: number;
  readonly tookMs: number;
  readonly steps: readonly RanStep[];
}

/** All that was measured of one strategy. */
export interface StrategyRun {
  readonly strategy: Strategy;
  readonly waves: readonly RanWave[];
  readonly reduce: RanWave;
  /** Shuffle partitions, and what they hold. */
  readonly shuffleBytes: readonly number[];
  /** From the first look at the records to the last line of the result. */
  readonly makespanMs: number;
  /** Of that, what looking for hot keys took before the first record was worked on. */
  readonly sampleMs: number;
  readonly salted: readonly SaltedKey[];
  readonly decisions: readonly LabDecision[];
  readonly costs: RecordCosts;
  readonly lines: readonly string[];
  /** Records that the result is made of. */
  readonly records: number;
}

/** Runs the workload by one strategy: the waves, and the merge of what the tasks have handed on. */
export async function runStrategy(lab: Lab, strategy: Strategy): Promise<StrategyRun> {
  const { spec, arena, clock } = lab;
  const began = clock();
  const sampled = strategy === 'salted' ? sampleHotKeys(arena, spec.tasks) : [];
  const sampleMs = strategy === 'salted' ? clock() - began : 0;
  // The producer does this: records lie in their partitions before the run begins.
  const input = partitionInput(arena, spec.tasks, spec.waves, sampled);
  const startedAt = clock() - sampleMs;
  const adaptive = strategy === 'adaptive' ? adaptivePlan(lab) : undefined;
  const meter = new CostMeter(lab.calibrated);
  const waves: RanWave[] = [];
  for (const [wave, records] of input.waves.entries()) {
    const waveStartedAt = clock();
    const plan = adaptive?.plan ?? { salted: sampled };
    const isAdaptive = adaptive !== undefined;
    const ran = await runWave(lab.executors, { wave, waveStartedAt, records, plan, isAdaptive });
    meter.add(ran.steps);
    adaptive?.look(wave, ran.arrived, meter.costs);
    waves.push({ startedMs: waveStartedAt - startedAt, tookMs: clock() - waveStartedAt, steps: ran.steps });
  }
  const reduced = await reduce(lab, strategy, waves, startedAt);
  const salted = adaptive?.plan.salted ?? sampled;
  const makespanMs = clock() - startedAt;
  return {
    strategy,
    waves,
    makespanMs,
    sampleMs,
    salted,
    decisions: adaptive?.decisions ?? [],
    costs: meter.costs,
    ...reduced,
  };
}

function adaptivePlan({ spec, executors, mostExecutors, calibrated }: Lab): AdaptivePlan {
  const waveMs = (spec.records * calibrated.workUs) / 1_000 / spec.waves / executors.count;
  return new AdaptivePlan(spec.tasks, mostExecutors, waveMs);
}

async function reduce(
  { spec, executors, clock }: Lab,
  strategy: Strategy,
  waves: readonly RanWave[],
  runStartedAt: number,
): Promise<Pick<StrategyRun, 'reduce' | 'shuffleBytes' | 'lines' | 'records'>> {
  const startedAt = clock();
  const blocks = waves.flatMap(({ steps }) =>
    steps.flatMap(({ done }) => (done.kind === 'worked' ? [done.block] : [])),
  );
  const shuffleBytes = sizesOf(blocks, spec.shufflePartitions);
  const parallelism = Math.max(spec.tasks, executors.count);
  const groups =
    strategy === 'adaptive' ? coalesce(shuffleBytes, spec.advisoryBytes, parallelism) : eachAlone(shuffleBytes);
  const steps = await runSteps(
    executors,
    groups.map(({ from, to, bytes }, task) => ({
      ...{ kind: 'reduce', task, weight: bytes },
      order: () => ({ kind: 'reduce', task, fetched: fetchBlocks(blocks, from, to) }),
    })),
  );
  const tookMs = clock() - startedAt;
  const merged = steps.flatMap(({ done }) => (done.kind === 'reduced' ? [done] : []));
  return {
    reduce: { startedMs: startedAt - runStartedAt, tookMs, steps },
    shuffleBytes,
    lines: merged.flatMap(({ lines }) => lines),
    records: merged.reduce((sum, { records }) => sum + records, 0),
  };
}

const eachAlone = (sizes: readonly number[]): readonly PartitionGroup[] =>
  sizes.map((bytes, partition) => ({ from: partition, to: partition + 1, bytes }));

const sizesOf = (blocks: readonly ShuffleBlock[], partitions: number): readonly number[] =>
  Array.from({ length: partitions }, (_, partition) =>
    blocks.reduce((sum, { starts }) => sum + (starts[partition + 1] ?? 0) - (starts[partition] ?? 0), 0),
  );
