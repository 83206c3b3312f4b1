import type { ViewStore } from '../../../state/view-store.ts';
import type { Rebalance, SaltDecision } from '../../pipeline-contract.ts';
import { HotDecisions } from './hot-decisions.ts';
import { OwnerChanges } from './owner-changes.ts';
import type { TaskReport } from './rows.ts';

/** What has changed from one report of a task to the next, kept with the view. */
export class TaskChanges {
  readonly #owners: OwnerChanges;
  readonly #decisions: HotDecisions;

  constructor(store: ViewStore) {
    this.#owners = new OwnerChanges(store);
    this.#decisions = new HotDecisions(store);
  }

  /** Only inside a commit of the store. `before`: the task's report until now. */
  note(before: TaskReport | undefined, report: TaskReport | undefined): void {
    this.#owners.note(before, report);
    this.#decisions.note(before, report);
  }

  /** The newest changes of owner, the newest first. */
  rebalances(): readonly Rebalance[] {
    return this.#owners.newest();
  }

  /** The newest changes of what is salted, the newest first. */
  saltDecisions(): readonly SaltDecision[] {
    return this.#decisions.newest();
  }
}
