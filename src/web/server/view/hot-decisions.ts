import type { ViewStore, ViewTable } from '../../../state/view-store.ts';
import { MAX_DECISIONS, type SaltDecision } from '../../pipeline-contract.ts';
import { parseTime } from './fields.ts';
import { isIngestReport, type TaskReport } from './rows.ts';

/** The changes of what is salted that the tasks' reports tell of, kept with the view. A report tells of the last one only. */
export class HotDecisions {
  readonly #table: ViewTable<SaltDecision>;

  constructor(store: ViewStore) {
    this.#table = store.table('hot decisions');
  }

  /** Only inside a commit of the store. `before`: the task's report until now. */
  note(before: TaskReport | undefined, report: TaskReport | undefined): void {
    if (report === undefined || isIngestReport(report) || report.decision === undefined) return;
    const known = before === undefined || isIngestReport(before) ? undefined : before.decision;
    if (known?.at === report.decision.at) return;
    const { kind, keys, ground } = report.decision;
    const { partition, owner, task } = report;
    const at = parseTime(report.decision.at);
    this.#table.put([at, task], { at, partition, owner, kind, keys, ground: ground && groundOf(ground) });
    const [tooMany] = [...this.#table.entries({ reverse: true, limit: MAX_DECISIONS + 1 })].slice(MAX_DECISIONS);
    if (tooMany !== undefined) this.#table.remove(tooMany.key);
  }

  newest(): readonly SaltDecision[] {
    return [...this.#table.entries({ reverse: true, limit: MAX_DECISIONS })].map(({ value }) => value);
  }
}

type Reported = NonNullable<NonNullable<Exclude<TaskReport, { readonly kind: unknown }>['decision']>['ground']>;

const groundOf = (ground: Reported): NonNullable<SaltDecision['ground']> => ({
  busiestMs: ground.busiest_ms,
  medianMs: ground.median_ms,
  predictedBusiestMs: ground.predicted_busiest_ms,
  predictedMedianMs: ground.predicted_median_ms,
  workUs: ground.work_us,
  sendUs: ground.send_us,
  receiveUs: ground.receive_us,
});
