import { Subject } from 'rxjs';
import type { StateEnvironment } from '../../src/state/environment.ts';
import { openMemoryState } from '../../src/state/memory/memory-environment.ts';
import type { CoinChange } from '../../src/streams/3-silver/coin-change.ts';
import type { AcceptedPartial, Partial as PartialRow } from '../../src/streams/3-silver/hour-row.ts';
import { HourState, type HourTables, hourTables } from '../../src/streams/3-silver/hour-state.ts';
import { type MaintainSpec, maintainHours } from '../../src/streams/3-silver/maintain-hours.ts';
import type { StoredHour } from '../../src/streams/3-silver/stored-hour.ts';

/** Ten minutes: the design's default. */
export const GRACE_MS = 600_000;

/** The operator that maintains hours, on state in memory, committed by hand. */
export class MaintainedHours {
  readonly #state: StateEnvironment = openMemoryState();
  readonly tables: HourTables = hourTables(this.#state);
  readonly hours = new HourState(this.tables, 0);
  readonly #partials = new Subject<AcceptedPartial>();
  readonly #commits = new Subject<void>();
  #changes: CoinChange[] = [];

  constructor(spec: MaintainSpec = { graceMs: GRACE_MS }) {
    this.#partials
      .pipe(maintainHours(spec, this.hours, this.#commits))
      .subscribe((change) => this.#changes.push(change));
  }

  /** Takes the partials in and commits: the changes, which are in the tables then. */
  async commit(...partials: readonly PartialRow[]): Promise<readonly CoinChange[]> {
    this.#changes = [];
    for (const partial of partials) this.#partials.next({ kind: 'partial', partial });
    this.#commits.next();
    await this.#state.transaction(() => this.hours.flush());
    this.hours.clear();
    return this.#changes;
  }

  /** A coin's rows, ascending. */
  rows(coinId: string): readonly StoredHour[] {
    const rows: StoredHour[] = [];
    this.hours.hours.visit(coinId, -8.64e15, 8.64e15, (row) => rows.push(row));
    return rows;
  }
}
