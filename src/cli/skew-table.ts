import { counted } from '../counted.ts';
import type { LabReport, StrategyReport } from '../streams/skew-lab/lab-report.ts';
import type { Popularity } from '../streams/skew-lab/lab-spec.ts';
import type { Summary } from '../streams/skew-lab/summary.ts';

/** The lab's report for people: the workload, a column a strategy, the tasks of each, and what was decided. */
export function skewTable(report: LabReport): readonly string[] {
  const { strategies, isIdentical } = report;
  const width = 14;
  const row = (name: string, cell: (strategy: StrategyReport) => string): string =>
    `${name.padEnd(34)}${strategies.map((each) => cell(each).padStart(width)).join('')}`;
  const busy = (name: keyof Summary): string => row(`  ${name}`, (each) => whole(each.busy[name] ?? Infinity));
  return [
    ...headOf(report),
    '',
    row('', ({ strategy }) => strategy),
    row('max/median of the tasks’ busy time', ({ busy: { ratio } }) => ratioText(ratio)),
    row('busy time of a task, ms: ', () => ''),
    ...(['min', 'p25', 'median', 'p75', 'max', 'mean'] as const).map(busy),
    row('  imbalance (max − mean)', (each) => whole(each.busy.imbalance)),
    row('records of a task: median', (each) => whole(each.records.median)),
    row('  max', (each) => whole(each.records.max)),
    row(`makespan, ms, ${report.machine.workers} worker threads`, (each) => whole(each.makespan.measuredMs)),
    row('  of that: sampling for hot keys', (each) => whole(each.makespan.sampleMs)),
    row('  of that: the merge', (each) => whole(each.makespan.reduceMs)),
    ...simulatedRows(report, row),
    row('records/s', (each) => whole(each.recordsPerSecond)),
    row('wait from wave start, ms: p50', (each) => whole(each.latency.p50)),
    row('  p95', (each) => whole(each.latency.p95)),
    row('  p99', (each) => whole(each.latency.p99)),
    row('forwarded records', (each) => whole(each.hop.records)),
    row('  MB', (each) => (each.hop.bytes / 1e6).toFixed(1)),
    row('  µs a record: send', (each) => usText(each.hop.sendUs)),
    row('  µs a record: receive', (each) => usText(each.hop.receiveUs)),
    row('salted keys', (each) => whole(each.salted.length)),
    ...(report.spec.workload === 'join' ? [row('copies of joined rows', (each) => whole(each.replicas))] : []),
    row('shuffle partitions', (each) => whole(each.shuffle.partitions)),
    row('  after coalescing', (each) => whole(each.shuffle.coalesced)),
    row('result', ({ hash }) => hash.slice(0, 12)),
    '',
    ...strategies.flatMap(tasksOf),
    isIdentical ? 'The results are identical.' : 'THE RESULTS DIFFER.',
  ];
}

function headOf({ spec, machine, recordBytes, calibrated }: LabReport): readonly string[] {
  return [
    `${whole(spec.records)} quotes of ${Math.round(recordBytes)} bytes, ${whole(spec.keys)} keys, ${popularityText(spec.popularity)}; ` +
      `${spec.workload}, ${spec.tasks} tasks, ${spec.waves} waves, seed ${spec.seed}`,
    `a record takes ${calibrated.workUs.toFixed(1)} µs (${spec.work} rounds of extra work); busy time is the threads’ ` +
      `processor time; ${machine.cores} cores, Node ${machine.node}`,
  ];
}

const popularityText = (popularity: Popularity): string =>
  popularity.kind === 'zipf' ? `Zipf ${popularity.exponent}` : `one key with ${100 * popularity.share} %`;

function simulatedRows(
  { strategies, machine }: LabReport,
  row: (name: string, cell: (strategy: StrategyReport) => string) => string,
): readonly string[] {
  const counts = strategies[0]?.makespan.simulatedFromMeasuredCosts.map(({ executors }) => executors) ?? [];
  const wanted = counts.filter((count) => count !== machine.workers);
  const msOf = (count: number, { makespan }: StrategyReport): number =>
    makespan.simulatedFromMeasuredCosts.find(({ executors }) => executors === count)?.ms ?? 0;
  return wanted.flatMap((count) => [
    row(`makespan, ms, ${count} executors,`, (each) => whole(msOf(count, each))),
    '  simulated from measured costs',
  ]);
}

const BAR = 40;

/** The tasks by their busy time, the busiest first, and what was decided. */
function tasksOf({ strategy, tasks, decisions, salted }: StrategyReport): readonly string[] {
  const sorted = [...tasks].sort((a, b) => b.busyMs - a.busyMs);
  const most = Math.max(1, sorted[0]?.busyMs ?? 0);
  const bars = sorted.map(({ task, busyMs, records }) => {
    const bar = '█'.repeat(Math.round((BAR * busyMs) / most));
    return `  task ${String(task).padStart(3)} ${bar.padEnd(BAR)} ${whole(busyMs).padStart(8)} ms ${whole(records).padStart(10)} records`;
  });
  const keys = salted.map(({ key, home, shares }) => `  ${key}: from task ${home} to ${shares.length} tasks`);
  const decided = decisions.map(
    ({ kind, wave, keys: named, before, after }) =>
      `  after wave ${wave}: ${kind} (${counted(named.length, 'key')}; max/median ${ratioText(before)} → ${ratioText(after)} predicted)`,
  );
  return [`${strategy}:`, ...bars, ...decided, ...keys, ''];
}

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const ratioText = (ratio: number | null): string => (ratio === null ? '∞' : ratio.toFixed(2));
const usText = (us: number | null): string => us?.toFixed(2) ?? '–';
