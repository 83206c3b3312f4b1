import { aggregateWork } from './aggregate-work.ts';
import { coinTable, type CoinRow, guestsOf, rowsOfTask } from './coin-table.ts';
import { ExtraWork } from './extra-work.ts';
import { joinWork } from './join-work.ts';
import type { LabSpec } from './lab-spec.ts';
import type { Plan } from './steps.ts';
import type { TaskWork } from './task-work.ts';

/** The work of all tasks that a thread may be given: it works on one at a time, and commits before the next. */
export class WorkOfTasks {
  readonly extra: ExtraWork;
  readonly #spec: LabSpec;
  readonly #table: readonly CoinRow[];
  readonly #aggregate = aggregateWork();
  readonly #joins = new Map<string, TaskWork>();

  constructor(spec: LabSpec, keys: readonly string[]) {
    this.#spec = spec;
    this.extra = new ExtraWork(spec.work, keys);
    this.#table = spec.workload === 'join' ? coinTable(keys, spec.seed) : [];
  }

  /** An aggregate has no side to join with, so any task's is the same; a join has the rows that the plan gives the task. */
  of(task: number, plan: Plan): TaskWork {
    if (this.#spec.workload === 'aggregate') return this.#aggregate;
    const guests = guestsOf(task, plan.salted);
    const name = JSON.stringify([task, ...guests]);
    let join = this.#joins.get(name);
    if (join === undefined) {
      join = joinWork(rowsOfTask(this.#table, task, this.#spec.tasks, guests));
      this.#joins.set(name, join);
    }
    return join;
  }
}
