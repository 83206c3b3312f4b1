import type { ViewStore, ViewTable } from '../../../state/view-store.ts';
import { MAX_REBALANCES, type Rebalance } from '../../pipeline-contract.ts';
import { parseTime } from './fields.ts';
import { isIngestReport, type TaskReport } from './rows.ts';

/** The changes of owner that the tasks' reports tell of, kept with the view. */
export class OwnerChanges {
  readonly #table: ViewTable<Rebalance>;

  constructor(store: ViewStore) {
    this.#table = store.table('owner changes');
  }

  /** Only inside a commit of the store. `before`: the task's report until now. */
  note(before: TaskReport | undefined, report: TaskReport | undefined): void {
    if (before === undefined || report === undefined || isIngestReport(before) || isIngestReport(report)) return;
    if (before.owner === report.owner) return;
    const { stage, topic, partition, owner } = report;
    const at = parseTime(report.reported_at);
    this.#table.put([at, report.task], { at, stage, topic, partition, from: before.owner, to: owner });
    const [tooMany] = [...this.#table.entries({ reverse: true, limit: MAX_REBALANCES + 1 })].slice(MAX_REBALANCES);
    if (tooMany !== undefined) this.#table.remove(tooMany.key);
  }

  newest(): readonly Rebalance[] {
    return [...this.#table.entries({ reverse: true, limit: MAX_REBALANCES })].map(({ value }) => value);
  }
}
