import type { StageReport } from '../../../streams/task/reports.ts';
import type { HotPartitionFigures, TaskFigures } from '../../pipeline-contract.ts';
import { shownName } from '../records/shown-name.ts';
import { parseTime } from '../view/fields.ts';
import { hotFigures } from './hot-figures.ts';
import { LatencyWindow } from './latency-window.ts';

/** What the reports of one task say together: each alone tells totals and its last commit. */
interface Heard {
  readonly report: StageReport;
  readonly perSecond: number | null;
  readonly busy: number | null;
  readonly forwardedPerSecond: number | null;
  readonly commits: LatencyWindow;
}

/** The reports of all stages' tasks as they come. */
export class TaskMeter {
  readonly #tasks = new Map<string, Heard>();
  readonly #stages = new Map<string, LatencyWindow>();
  readonly #decisions = new Map<string, number>();

  /** The commits of all of a stage's tasks. */
  commitsOf(stage: string): LatencyWindow {
    let commits = this.#stages.get(stage);
    if (commits === undefined) this.#stages.set(stage, (commits = new LatencyWindow()));
    return commits;
  }

  hear(report: StageReport): void {
    const before = this.#tasks.get(report.task);
    const commits = before?.commits ?? new LatencyWindow();
    // A report without new records tells of the commit that the one before told of.
    if (report.records > 0 && before?.report.records !== report.records) {
      const at = parseTime(report.reported_at);
      commits.add(at, report.commit_ms);
      this.commitsOf(report.stage).add(at, report.commit_ms);
    }
    const { decision } = report;
    if (before !== undefined && decision !== undefined && before.report.decision?.at !== decision.at)
      this.#decisions.set(decision.kind, (this.#decisions.get(decision.kind) ?? 0) + 1);
    this.#tasks.set(report.task, { report, commits, ...pace(report, before?.report) });
  }

  forget(task: string): void {
    this.#tasks.delete(task);
  }

  /** How many changes of what is salted have been heard of, by their kind. */
  get decisions(): ReadonlyMap<string, number> {
    return this.#decisions;
  }

  /** The partitions of the stage that looks for hot keys, in order. */
  hotKeys(): readonly HotPartitionFigures[] {
    return [...this.#tasks.values()]
      .flatMap(({ report, forwardedPerSecond }) => hotFigures(report, forwardedPerSecond) ?? [])
      .sort((a, b) => a.partition - b.partition);
  }

  /** By stage and partition. */
  figures(now: number): readonly TaskFigures[] {
    return [...this.#tasks.values()]
      .map(({ report, perSecond, busy, commits }) => ({
        ...{ stage: shownName(report.stage), topic: shownName(report.topic), owner: shownName(report.owner) },
        partition: report.partition,
        ...{ reportedAt: parseTime(report.reported_at), records: report.records, lag: report.lag, perSecond, busy },
        commitMs: report.commit_ms,
        p95Ms: commits.summary(now).p95Ms,
      }))
      .sort((a, b) => (a.stage < b.stage ? -1 : a.stage > b.stage ? 1 : a.partition - b.partition));
  }
}

/** Between two reports of one task; null where there are not two, as after a change of owner or a restart. */
function pace(
  report: StageReport,
  before: StageReport | undefined,
): Pick<Heard, 'perSecond' | 'busy' | 'forwardedPerSecond'> {
  const ms = before === undefined ? 0 : parseTime(report.reported_at) - parseTime(before.reported_at);
  if (before === undefined || ms <= 0 || before.owner !== report.owner || report.records < before.records)
    return { perSecond: null, busy: null, forwardedPerSecond: null };
  return {
    perSecond: ((report.records - before.records) / ms) * 1000,
    forwardedPerSecond: (Math.max(0, (report.forwarded ?? 0) - (before.forwarded ?? 0)) / ms) * 1000,
    busy: Math.min(1, Math.max(0, (report.busy_ms - before.busy_ms) / ms)),
  };
}
