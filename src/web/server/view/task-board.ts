import type { ViewTable } from '../../../state/view-store.ts';
import type { IngestReport, StageReport } from '../../../streams/task/reports.ts';
import type { StageStatus } from '../../contract.ts';
import { parseTime } from './fields.ts';
import { isIngestReport, type TaskReport } from './rows.ts';

/** The last report of every task, in memory: they are few. */
export class TaskBoard {
  readonly #reports = new Map<string, TaskReport>();

  load(table: ViewTable<TaskReport>): void {
    this.#reports.clear();
    for (const { key, value } of table.entries()) this.#reports.set(String(key[0]), value);
  }

  set(task: string, report: TaskReport | undefined): void {
    if (report === undefined) this.#reports.delete(task);
    else this.#reports.set(task, report);
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
    for (const report of this.#reports.values()) {
      if (isIngestReport(report)) continue;
      byStage.set(report.stage, [...(byStage.get(report.stage) ?? []), report]);
    }
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
