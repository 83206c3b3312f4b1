import type { LabReport } from '../../skew-contract.ts';
import type { Explanation } from '../explain/explanation.ts';
import { formatBytes } from '../format/bytes.ts';
import { formatExact } from '../format/count.ts';
import { NOTHING } from '../format/figure.ts';
import { formatRate } from '../format/rate.ts';
import { formatMs, formatRatio } from './lab-texts.ts';

type StrategyReport = LabReport['strategies'][number];

/** One figure of a strategy, with what stands behind it. */
export interface StrategyFigure {
  readonly label: string;
  readonly value: string;
  readonly explanation: Explanation;
}

const SIMULATED =
  'Simulated from measured costs: the same steps, by list scheduling, on executors that don’t get in each other’s way.';

/** What there is to say of a strategy beside its headline. */
export function strategyFigures(report: StrategyReport, workers: number): readonly StrategyFigure[] {
  const { busy, makespan, recordsPerSecond } = report;
  const simulated = makespan.simulatedFromMeasuredCosts.filter(({ executors }) => executors !== workers);
  const figure = figureOf(report);
  return [
    figure(
      `Makespan, ${workers} real`,
      `${formatMs(makespan.measuredMs)} ms`,
      'Real time on the worker threads, from the first look at a record to the last line of the result. Whatever else used the machine is in it.',
      [
        ['Looking for hot keys', `${formatMs(makespan.sampleMs)} ms`],
        ['The merge', `${formatMs(makespan.reduceMs)} ms`],
      ],
    ),
    ...simulated.map(({ executors, ms }) =>
      figure(`Makespan, ${executors} simulated`, `${formatMs(ms)} ms`, SIMULATED),
    ),
    figure('Throughput', formatRate(recordsPerSecond), 'Records a second of the real makespan.'),
    figure(
      'Imbalance',
      `${formatMs(busy.imbalance)} ms`,
      'What the busiest task does beyond a fair share: max − mean of the busy times.',
    ),
    ...detourFigures(report),
  ];
}

/** What the detour and the shuffle came to. */
function detourFigures(report: StrategyReport): readonly StrategyFigure[] {
  const { hop, shuffle, replicas, salted } = report;
  const figure = figureOf(report);
  return [
    figure(
      'Extra hop',
      hop.records === 0 ? NOTHING : `${formatMs(hop.busyMs)} ms`,
      hop.records === 0
        ? 'No record was sent on.'
        : 'Processor time for copying records into bundles and taking them out again. In the program a hop goes through a topic, which costs more.',
      [
        ['Records', formatExact(hop.records)],
        ['Size', formatBytes(hop.bytes)],
        ['Bundles', formatExact(hop.bundles)],
        ['To send, a record', hop.sendUs === null ? NOTHING : `${hop.sendUs.toFixed(2)} µs`],
        ['To receive', hop.receiveUs === null ? NOTHING : `${hop.receiveUs.toFixed(2)} µs`],
      ],
    ),
    figure(
      'Shuffle partitions',
      shuffle.partitions === shuffle.coalesced
        ? formatExact(shuffle.partitions)
        : `${formatExact(shuffle.partitions)} → ${formatExact(shuffle.coalesced)}`,
      'Of what the tasks hand on to the merge; small neighbours are coalesced by adaptive alone.',
      [
        ['Before', formatExact(shuffle.partitions)],
        ['After coalescing', formatExact(shuffle.coalesced)],
        ['Size', formatBytes(shuffle.bytes)],
        ['max/median of the merge', formatRatio(shuffle.busy.ratio)],
      ],
    ),
    figure(
      'Salted keys',
      formatExact(salted.length),
      'Keys whose records are dealt out over several tasks, by the last plan.',
      [
        ...salted.slice(0, 5).map(({ key, shares }) => [key, `over ${shares.length} tasks`] as const),
        ...(replicas > 0 ? ([['Copies of joined rows', formatExact(replicas)]] as const) : []),
      ],
    ),
  ];
}

const figureOf =
  ({ strategy }: StrategyReport) =>
  (label: string, value: string, text: string, facts: Explanation['facts'] = []): StrategyFigure => ({
    ...{ label, value },
    explanation: { title: `${strategy} · ${label}`, text, facts },
  });

/** What max/median says, and of which numbers. */
export const explainRatio = ({ strategy, busy }: StrategyReport): Explanation => ({
  title: `${strategy} · max/median of the tasks’ busy time`,
  text: 'How far the busiest task is from the usual one. 1 is perfectly even; over 5, engines call it a straggler.',
  formula: 'max / median',
  facts: [
    ['max', `${formatMs(busy.max)} ms`],
    ['median', `${formatMs(busy.median)} ms`],
  ],
});

/** How the busy times are spread. */
export const explainSpread = ({ strategy, busy }: StrategyReport): Explanation => ({
  title: `${strategy} · busy time of a task`,
  text: 'Processor time of the threads for the task’s forwarding, receiving, working and committing. The box spans the middle half.',
  facts: (['min', 'p25', 'median', 'p75', 'max', 'mean'] as const).map((name) => [name, `${formatMs(busy[name])} ms`]),
});
