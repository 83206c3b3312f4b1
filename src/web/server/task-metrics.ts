import { Counter, Gauge, type Registry } from 'prom-client';
import type { StageReport } from '../../streams/task/reports.ts';
import type { HotPartitionFigures, Pipeline, TaskFigures } from '../pipeline-contract.ts';

/** Who knows of the tasks. */
export interface TaskMetricsSource {
  readonly atWork: () => Pick<Pipeline, 'tasks' | 'hotKeys'>;
  readonly decisions: () => ReadonlyMap<string, number>;
}

/**
 * The tasks' metrics, as their last reports have it; read at the scrape. No key is a label: there is no end of keys, and
 * anybody may make them up.
 */
export function registerTaskMetrics(
  registry: Registry,
  source: TaskMetricsSource,
  board: { readonly stageReports: () => readonly StageReport[] },
): void {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => Iterable<Sample>, labelNames = ['partition']): void =>
    void new Gauge({ name, help, labelNames, registers, collect: setAll(read) });
  const total = (name: string, help: string, read: () => Iterable<Sample>, labelNames = ['partition']): void =>
    void new Counter({ name, help, labelNames, registers, collect: countAll(read) });
  const hot = (read: (figures: HotPartitionFigures) => number) => (): readonly Sample[] =>
    source.atWork().hotKeys.map((figures) => [{ partition: String(figures.partition) }, read(figures)]);
  const reported = (field: 'forwarded' | 'unbundled') => (): readonly Sample[] =>
    board.stageReports().flatMap(({ partition, [field]: value }) => {
      return value === undefined ? [] : [[{ partition: String(partition) }, value] satisfies Sample];
    });
  const task = (read: (figures: TaskFigures) => number | null) => (): readonly Sample[] =>
    source.atWork().tasks.flatMap((figures) => {
      const { stage, partition } = figures;
      const value = read(figures);
      return value === null ? [] : [[{ stage, partition: String(partition) }, value] satisfies Sample];
    });
  const taskLabels = ['stage', 'partition'];
  gauge(
    'pulse_task_busy_ratio',
    'Share of its time that a task is at work.',
    task(({ busy }) => busy),
    taskLabels,
  );
  gauge(
    'pulse_task_lag_records',
    'Records that a task has not committed yet.',
    task(({ lag }) => lag),
    taskLabels,
  );
  gauge(
    'pulse_hot_key_share',
    'Share of its partition’s records over the last 10 s that the heaviest key has for certain.',
    hot(({ heaviest }) => heaviest?.least ?? 0),
  );
  gauge(
    'pulse_salted_keys',
    'Keys that are salted, by the partition they come in at.',
    hot(({ salted }) => salted.length),
  );
  total('pulse_hot_forwarded_records_total', 'Records sent on to pulse.hot.', reported('forwarded'));
  total('pulse_hot_unbundled_records_total', 'Records taken out of bundles of pulse.hot.', reported('unbundled'));
  total(
    'pulse_hot_decisions_total',
    'Changes of what is salted that this server has heard of.',
    () => [...source.decisions()].map(([kind, count]) => [{ kind }, count]),
    ['kind'],
  );
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

const setAll = (read: () => Iterable<Sample>): ((this: Gauge) => void) =>
  function collect(this: Gauge) {
    this.reset();
    for (const [labels, value] of read()) this.set(labels, value);
  };

/** The total is somebody else's count: it is taken over as it is. */
const countAll = (read: () => Iterable<Sample>): ((this: Counter) => void) =>
  function collect(this: Counter) {
    this.reset();
    for (const [labels, value] of read()) this.inc(labels, value);
  };
