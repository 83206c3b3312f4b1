import type { ViewTable } from '../../../state/view-store.ts';
import type { IngestReport, StageReport } from '../../../streams/task/reports.ts';
import type { StageStatus } from '../../contract.ts';
import { parseTime } from './fields.ts';
import { isIngestReport, type TaskReport } from './rows.ts';

/** The last report of every task, in memory: they are few. */
export class TaskBoard {
  readonly #reports = new Map<string, TaskReport>();
  /** Told of every report of a stage as it comes; undefined: the task is gone. */
  onStage: (task: string, report: StageReport | undefined) => void = () => undefined;

  load(table: ViewTable<TaskReport>): void {
    this.#reports.clear();
    for (const { key, value } of table.entries()) this.#reports.set(String(key[0]), value);
  }

  set(task: string, report: TaskReport | undefined): void {
    if (report === undefined) this.#reports.delete(task);
    else this.#reports.set(task, report);
    if (report === undefined || !isIngestReport(report)) this.onStage(task, report);
  }

  stageReports(): readonly StageReport[] {
    return [...this.#reports.values()].filter((report): report is StageReport => !isIngestReport(report));
  }

  /** The ingest that reported last. */
  source(): IngestReport | null {
    const ingests = [...this.#reports.values()].filter(isIngestReport);
    return ingests.reduce<IngestReport | null>(
      (last, report) => (last === null || parseTime(report.reported_at) > parseTime(last.reported_at) ? report : last),
      null,
    );
  }

  stages(): readonly StageStatus[] {
    const byStage = new Map<string, StageReport[]>();
    for (const report of this.stageReports()) byStage.set(report.stage, [...(byStage.get(report.stage) ?? []), report]);
    return [...byStage].map(([stage, reports]) => ({
      stage,
      tasks: reports.length,
      records: reports.reduce((sum, { records }) => sum + records, 0),
      lag: reports.reduce((sum, { lag }) => sum + lag, 0),
      commitMs: Math.max(...reports.map(({ commit_ms }) => commit_ms)),
      reportedAt: Math.min(...reports.map(({ reported_at }) => parseTime(reported_at))),
    }));
  }
}
