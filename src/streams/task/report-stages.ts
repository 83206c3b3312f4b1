import type { SchedulerLike } from 'rxjs';
import { PulseError } from '../../errors.ts';
import { every } from '../clock/every.ts';
import { within } from '../clock/within.ts';
import type { Log, OutputRecord } from '../log/log.ts';
import { formatRfc3339 } from '../rfc3339.ts';
import type { TopicNames } from '../topics.ts';
import type { StageReport } from './reports.ts';
import type { TaskSlot } from './task-slot.ts';

export interface ReportStagesOptions {
  readonly log: Log;
  readonly names: TopicNames;
  readonly slots: () => readonly TaskSlot[];
  /** The instance, as `pulse.tasks` names it. */
  readonly owner: string;
  readonly clock: SchedulerLike;
  readonly onFailure: (error: unknown) => void;
}

const EVERY_MS = 1_000;
/** A task that did nothing says so only this often: an idle system leaves the disk alone. */
const IDLE_EVERY_MS = 15_000;

/** The reports under way. */
export interface StageReports {
  unsubscribe(): void;
  /** Says what nobody was told yet of tasks that have ended and are still this instance's. What fails is told, and passes. */
  last(): Promise<void>;
}

/** Whoever stops waits no longer for a last word. */
const LAST_MS = 1_000;

/**
 * Appends a {@link StageReport} of every task that did something to `pulse.tasks` once a second, until unsubscribed. One that
 * may be another instance's by now does not: its report would be taken for the owner's.
 */
export function reportStages(options: ReportStagesOptions): StageReports {
  const { clock, slots, log, onFailure } = options;
  const said = new Map<string, { readonly records: number; readonly lag: number; readonly at: number }>();
  const report = async (): Promise<void> => {
    const due = slots().filter(({ task, isInDoubt }) => {
      if (isInDoubt) return false;
      const last = said.get(task.key);
      const { records, lag } = task.figures;
      return (
        last === undefined || records !== last.records || lag !== last.lag || clock.now() - last.at >= IDLE_EVERY_MS
      );
    });
    for (const { task } of due) said.set(task.key, { ...task.figures, at: clock.now() });
    if (due.length > 0) await log.append(due.map((slot) => record(options, slot)));
  };
  const subscription = every(clock, EVERY_MS, report, onFailure);
  return {
    unsubscribe: () => subscription.unsubscribe(),
    last: () => within(report(), LAST_MS, clock, lateReport).catch(onFailure),
  };
}

const lateReport = (): PulseError =>
  new PulseError('log-unavailable', `the last reports have not been taken in ${LAST_MS / 1000} s`);

function record(
  { names, owner, clock }: ReportStagesOptions,
  { task, stage, topic, partition }: TaskSlot,
): OutputRecord {
  const { records, workMs, busyMs, lag, commitMs } = task.figures;
  const report: StageReport = {
    task: task.key,
    stage,
    topic,
    partition,
    owner,
    reported_at: formatRfc3339(clock.now()),
    records,
    work_ms: Math.round(workMs),
    busy_ms: Math.round(busyMs),
    lag,
    commit_ms: Math.round(commitMs),
    ...task.news,
  };
  return { topic: names.tasks, partition, key: task.key, value: JSON.stringify(report) };
}
