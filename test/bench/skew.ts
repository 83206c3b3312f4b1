import { availableParallelism, loadavg } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { startSkewThreads } from '../../src/cli/workers/skew-threads.ts';
import type { LabReport, StrategyReport } from '../../src/streams/skew-lab/lab-report.ts';
import { strategies, type Strategy } from '../../src/streams/hot-keys/strategies.ts';
import type { LabSpec } from '../../src/streams/skew-lab/lab-spec.ts';
import { runLab } from '../../src/streams/skew-lab/run-lab.ts';
import { simulateRecords } from '../../src/streams/skew-lab/simulate-records.ts';
import { median } from './figures.ts';

/*
 * What skew costs, and what salting saves: `npm run bench -- skew [--json]`. Every run takes all workloads in turn, and each
 * by all strategies; figures are medians of the runs, ratios are taken within a run. Busy time is the threads' processor
 * time; the makespan is real, and so suffers from whatever else the machine does.
 */

const { values: options } = parseArgs({
  options: {
    records: { type: 'string', default: '60000' },
    work: { type: 'string', default: '40' },
    runs: { type: 'string', default: '6' },
    tasks: { type: 'string', default: '8' },
    pairs: { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
  },
});
const runs = Number(options.runs);
const workers = Math.min(availableParallelism(), Number(options.tasks));
const machine = { cores: availableParallelism(), node: process.versions.node, workers };
const now = (): number => Number(process.hrtime.bigint()) / 1e6;

const usual: LabSpec = {
  ...{ workload: 'aggregate', popularity: { kind: 'zipf', exponent: 0 }, keys: 250, tasks: Number(options.tasks) },
  ...{ records: Number(options.records), waves: 40, work: Number(options.work) },
  ...{ shufflePartitions: 64, advisoryBytes: 262_144, seed: '1' },
};
const zipf = (exponent: number): Partial<LabSpec> => ({ popularity: { kind: 'zipf', exponent } });
const hot: Partial<LabSpec> = { popularity: { kind: 'hot', share: 0.9 } };
const cases: Readonly<Record<string, Partial<LabSpec>>> = {
  uniform: {},
  'uniform, join': { workload: 'join' },
  'Zipf 1.0': zipf(1),
  'Zipf 1.5': zipf(1.5),
  'Zipf 2.0': zipf(2),
  'one key 90 %': hot,
  'one key 90 %, join': { ...hot, workload: 'join' },
  'one key 90 %, no extra work': { ...hot, work: 0 },
};

/** What a strategy came to in one run; ratios are to the run's own uniform workload of the same kind and its own naive strategy. */
interface Figures {
  readonly maxToMedian: number;
  readonly busyMs: number;
  readonly imbalanceMs: number;
  readonly makespanMs: number;
  readonly makespanToUniform: number;
  readonly simulatedMs: number;
  readonly simulatedToUniform: number;
  readonly simulatedOnWorkersToUniform: number;
  readonly busyToNaive: number;
  readonly recordsPerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly workUs: number;
  readonly forwarded: number;
  readonly hopBytes: number;
  readonly sendUs: number;
  readonly receiveUs: number;
  readonly saltedKeys: number;
  readonly decisions: number;
  readonly replicas: number;
  readonly shufflePartitions: number;
  readonly coalesced: number;
}

const HEAD = [
  ...['µs'.padStart(44), 'max/med'.padStart(9), 'busy ms'.padStart(9), '×naive'.padStart(8), 'makespan'.padStart(10)],
  ...['×unif.'.padStart(8), 'on 2 ×'.padStart(8), 'on 8 ms'.padStart(10), '×unif.'.padStart(8), 'p50'.padStart(6)],
  ...['p95'.padStart(6), 'p99'.padStart(6), 'forwarded'.padStart(11), 'send'.padStart(6), 'recv'.padStart(6)],
  ...['keys'.padStart(6), 'parts'.padStart(9)],
].join('');

const found = new Map<string, Figures[]>();
const loads = [loadavg()[0] ?? NaN];
for (let run = 0; run < runs; run++) {
  const reports = new Map<string, LabReport>();
  for (const [name, given] of Object.entries(cases)) {
    // The first one compiles what has not been, as a program that stays up does once; the others take turns.
    reports.set(name, await labOf({ ...usual, ...given }, ['adaptive', ...turned(strategies, run)]));
    if (!reports.get(name)?.isIdentical) throw new Error(`${name}: the results differ`);
  }
  for (const [name, report] of reports)
    for (const strategy of strategies) {
      const key = `${name}|${strategy}`;
      const uniform = strategyOf(reports.get(name.endsWith(', join') ? 'uniform, join' : 'uniform'), 'naive');
      const mine = figuresOf(report, strategyOf(report, strategy), strategyOf(report, 'naive'), uniform);
      found.set(key, [...(found.get(key) ?? []), mine]);
    }
  loads.push(loadavg()[0] ?? NaN);
  console.error(`run ${run + 1} of ${runs}`);
}
const withoutSkew = await pairsOf(Number(options.pairs));
report();

/**
 * What adaptive costs where there is nothing to adapt to: too little to be seen between runs that are seconds apart, so short
 * ones alternate on the same threads, and each is compared with the one before.
 */
async function pairsOf(count: number): Promise<readonly number[]> {
  const spec = { ...usual, records: Math.min(usual.records, 20_000) };
  const order = Array.from({ length: count }, (): readonly Strategy[] => ['naive', 'adaptive']).flat();
  if (count === 0) return [];
  const { strategies: all } = await labOf(spec, ['naive', 'adaptive', ...order]);
  // The first two compile what has not been.
  const busy = all.slice(2).map((each) => each.busy.mean);
  return Array.from({ length: count }, (_, pair) => (busy[2 * pair + 1] ?? NaN) / (busy[2 * pair] ?? NaN));
}

async function labOf(spec: LabSpec, order: readonly Strategy[]): Promise<LabReport> {
  const setup = { spec, arena: simulateRecords(spec) };
  const threads = startSkewThreads(setup, workers);
  try {
    return await runLab({
      ...{ setup, strategies: order, executors: threads, simulated: spec.tasks, machine, clock: now },
    });
  } finally {
    await threads.end();
  }
}

function turned<Each>(all: readonly Each[], by: number): readonly Each[] {
  return all.map((_, at) => all[(at + by) % all.length]).filter((each) => each !== undefined);
}

function strategyOf(report: LabReport | undefined, strategy: Strategy): StrategyReport {
  const mine = report?.strategies.findLast((each) => each.strategy === strategy);
  if (mine === undefined) throw new Error(`there is nothing of ${strategy}`);
  return mine;
}

function figuresOf(
  { calibrated }: LabReport,
  mine: StrategyReport,
  naive: StrategyReport,
  uniform: StrategyReport,
): Figures {
  const busy = (each: StrategyReport): number => each.busy.mean * each.tasks.length;
  const on = (executors: number, each: StrategyReport): number =>
    each.makespan.simulatedFromMeasuredCosts.find((found) => found.executors === executors)?.ms ?? NaN;
  const tasks = mine.tasks.length;
  return {
    maxToMedian: mine.busy.ratio ?? Infinity,
    busyMs: busy(mine),
    imbalanceMs: mine.busy.imbalance,
    makespanMs: mine.makespan.measuredMs,
    makespanToUniform: mine.makespan.measuredMs / uniform.makespan.measuredMs,
    simulatedMs: on(tasks, mine),
    simulatedToUniform: on(tasks, mine) / on(tasks, uniform),
    simulatedOnWorkersToUniform: on(workers, mine) / on(workers, uniform),
    busyToNaive: busy(mine) / busy(naive),
    recordsPerSecond: mine.recordsPerSecond,
    ...{ p50Ms: mine.latency.p50, p95Ms: mine.latency.p95, p99Ms: mine.latency.p99 },
    workUs: calibrated.workUs,
    ...{ forwarded: mine.hop.records, hopBytes: mine.hop.bytes },
    ...{ sendUs: mine.hop.sendUs ?? NaN, receiveUs: mine.hop.receiveUs ?? NaN },
    ...{ saltedKeys: mine.salted.length, decisions: mine.decisions.length, replicas: mine.replicas },
    ...{ shufflePartitions: mine.shuffle.partitions, coalesced: mine.shuffle.coalesced },
  };
}

function report(): void {
  const rows = [...found].flatMap(([key, all]) => {
    const [workload, strategy] = key.split('|');
    const [first] = all;
    if (first === undefined) return [];
    const middle = (name: keyof Figures): number => median(all.map((each) => each[name]));
    const names = Object.keys(first) as (keyof Figures)[];
    const medians: Figures = { ...first, ...Object.fromEntries(names.map((name) => [name, middle(name)])) };
    return { workload, strategy, medians, runs: all };
  });
  // With --json the table goes to whoever watches.
  const say = options.json ? console.error : console.log;
  if (options.json) console.log(JSON.stringify({ machine, usual, runs, loads, rows, withoutSkew }));
  say(
    `${usual.records} quotes, ${usual.keys} keys, ${usual.tasks} tasks, ${usual.waves} waves, ${usual.work} rounds of extra ` +
      `work; ${workers} worker threads, ${machine.cores} cores, Node ${machine.node}; medians of ${runs} runs; ` +
      `load of the machine ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`,
  );
  say(HEAD);
  for (const { workload = '', strategy = '', medians } of rows)
    say(`${workload.padEnd(29)}${strategy.padEnd(9)}${cells(medians).join('')}`);
  const sorted = [...withoutSkew].sort((a, b) => a - b);
  const quartile = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(4);
  say(
    `uniform: adaptive takes ${median(sorted).toFixed(4)} of naive's processor time ` +
      `(median of ${sorted.length} alternating pairs; quartiles ${quartile(0.25)} to ${quartile(0.75)})`,
  );
}

function cells(of: Figures): readonly string[] {
  const fixed = (value: number, width: number, digits = 0): string => value.toFixed(digits).padStart(width);
  return [
    fixed(of.workUs, 6, 1),
    fixed(of.maxToMedian, 9, 2),
    fixed(of.busyMs, 9),
    fixed(of.busyToNaive, 8, 3),
    fixed(of.makespanMs, 10),
    fixed(of.makespanToUniform, 8, 2),
    fixed(of.simulatedOnWorkersToUniform, 8, 2),
    fixed(of.simulatedMs, 10),
    fixed(of.simulatedToUniform, 8, 2),
    fixed(of.p50Ms, 6),
    fixed(of.p95Ms, 6),
    fixed(of.p99Ms, 6),
    fixed(of.forwarded, 11),
    fixed(of.sendUs, 6, 2),
    fixed(of.receiveUs, 6, 2),
    fixed(of.saltedKeys, 6),
    `${of.shufflePartitions}→${of.coalesced}`.padStart(9),
  ];
}
