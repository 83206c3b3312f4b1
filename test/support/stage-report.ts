import type { StageReport } from '../../src/streams/task/reports.ts';

/** A report of stage 1, with what a test cares about. */
export function stageReport(report: Partial<StageReport> = {}): StageReport {
  const { stage = 'combine', topic = 'coingecko.markets', partition = 0 } = report;
  return {
    task: `${stage}|${topic}|${partition}`,
    ...{ stage, topic, partition, owner: 'a', reported_at: '1970-01-01T00:00:00.000Z' },
    ...{ records: 0, work_ms: 0, busy_ms: 0, lag: 0, commit_ms: 0 },
    ...report,
  };
}
