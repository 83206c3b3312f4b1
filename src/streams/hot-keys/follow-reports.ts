import { type SchedulerLike, Subscription } from 'rxjs';
import { PulseError } from '../../errors.ts';
import { sleepOn } from '../clock/sleep.ts';
import type { Log } from '../log/log.ts';
import type { StageReport } from '../task/reports.ts';
import type { TopicNames } from '../topics.ts';

export interface FollowReportsOptions {
  readonly log: Log;
  readonly names: TopicNames;
  readonly partitions: number;
  readonly clock: SchedulerLike;
  readonly onFailure: (error: unknown) => void;
}

const WAIT_MS = 5_000;

/** Tells every report that a stage's task makes from now on, until unsubscribed; what fails for a while is tried again. */
export function followReports(options: FollowReportsOptions, onReport: (report: StageReport) => void): Subscription {
  const stopping = new AbortController();
  void follow(options, onReport, stopping.signal);
  return new Subscription(() => stopping.abort());
}

async function follow(
  options: FollowReportsOptions,
  onReport: (report: StageReport) => void,
  signal: AbortSignal,
): Promise<void> {
  const sleep = sleepOn(options.clock);
  while (!signal.aborted) {
    try {
      await tailReports(options, onReport, signal);
    } catch (error) {
      if (signal.aborted) return;
      options.onFailure(error);
      if (!(error instanceof PulseError && error.remedy === 'retry')) return;
    }
    await sleep(WAIT_MS, signal);
  }
}

async function tailReports(
  { log, names, partitions }: FollowReportsOptions,
  onReport: (report: StageReport) => void,
  signal: AbortSignal,
): Promise<void> {
  const at = Array.from({ length: partitions }, (_, partition) => ({ topic: names.tasks, partition }));
  const ends = await Promise.all(at.map(async (each) => ({ ...each, offset: (await log.bounds(each)).end })));
  for await (const { records } of log.tail(ends, signal))
    for (const { value } of records) {
      const report = value === null ? undefined : stageReport(value);
      if (report !== undefined) onReport(report);
    }
}

/** Reports are this program's own, of whatever version: one that lacks what is asked of it is passed over. */
function stageReport(value: Buffer): StageReport | undefined {
  const found = JSON.parse(value.toString('utf8')) as Partial<StageReport>;
  const isReport =
    typeof found.stage === 'string' && typeof found.partition === 'number' && typeof found.work_ms === 'number';
  return isReport ? (found as StageReport) : undefined;
}
