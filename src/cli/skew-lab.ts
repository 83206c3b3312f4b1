import { availableParallelism } from 'node:os';
import process from 'node:process';
import { PulseError } from '../errors.ts';
import { strategies, type Strategy } from '../streams/hot-keys/strategies.ts';
import type { LabReport } from '../streams/skew-lab/lab-report.ts';
import type { LabSpec, Workload } from '../streams/skew-lab/lab-spec.ts';
import { runLab } from '../streams/skew-lab/run-lab.ts';
import { simulateRecords } from '../streams/skew-lab/simulate-records.ts';
import type { Config } from '../config.ts';
import type { Context, Out } from './context.ts';
import { keepLabReport, labFolder } from './keep-lab-report.ts';
import { skewTable } from './skew-table.ts';
import { startSkewThreads } from './workers/skew-threads.ts';

/** What the command line says. */
export interface SkewLabOptions {
  readonly strategy: Strategy | 'all';
  readonly workload: Workload;
  readonly records: number;
  readonly keys: number;
  readonly exponent?: number;
  readonly hotShare?: number;
  readonly tasks: number;
  readonly waves: number;
  readonly work: number;
  readonly shufflePartitions: number;
  readonly advisoryBytes: number;
  readonly workers?: number;
  readonly executors?: number;
  readonly seed: string;
  readonly json: boolean;
}

const USUAL_EXPONENT = 1.5;

/** `pulse skew-lab`: one seeded workload by each strategy, and what came of it, which is kept for the page. */
export async function skewLabCommand({ config, clock, out }: Context, options: SkewLabOptions): Promise<void> {
  const spec = specOf(options);
  // One with no task would only compile the program.
  const workers = Math.min(options.workers ?? availableParallelism(), options.tasks);
  const setup = { spec, arena: simulateRecords(spec) };
  const threads = startSkewThreads(setup, workers);
  try {
    const report = await runLab({
      setup,
      strategies: options.strategy === 'all' ? strategies : [options.strategy],
      executors: threads,
      simulated: options.executors ?? options.tasks,
      machine: { cores: availableParallelism(), node: process.versions.node, workers },
      clock: () => Number(process.hrtime.bigint()) / 1e6,
    });
    await keep(config, report, new Date(clock.now()), out);
    await out.result(options.json ? JSON.stringify(report) : skewTable(report).join('\n'));
    if (!report.isIdentical) throw new Error(`the results differ: ${report.strategies.map(hashText).join(', ')}`);
  } finally {
    await threads.end();
  }
}

/** What was measured is told even where it can't be kept. */
async function keep(config: Config, report: LabReport, at: Date, out: Out): Promise<void> {
  const folder = labFolder(config);
  try {
    out.say(`the page shows it as well, on Skew: ${await keepLabReport(folder, report, at)}`);
  } catch (error) {
    out.say(`the report can't be kept in ${folder} for the page: ${(error as Error).message}`);
  }
}

const hashText = ({ strategy, hash }: { readonly strategy: string; readonly hash: string }): string =>
  `${strategy} ${hash.slice(0, 16)}`;

function specOf(options: SkewLabOptions): LabSpec {
  const { exponent, hotShare, records, tasks } = options;
  if (exponent !== undefined && hotShare !== undefined)
    throw new PulseError('usage', '--exponent and --hot-share say the same thing in two ways: give one of them');
  const { workload, keys, work, shufflePartitions, advisoryBytes, seed } = options;
  return {
    ...{ workload, records, keys, tasks, work, shufflePartitions, advisoryBytes, seed },
    waves: Math.min(options.waves, records),
    popularity:
      hotShare === undefined
        ? { kind: 'zipf', exponent: exponent ?? USUAL_EXPONENT }
        : { kind: 'hot', share: hotShare },
  };
}
