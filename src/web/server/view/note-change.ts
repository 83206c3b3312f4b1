import type { ViewKey } from '../../../state/view-store.ts';
import type { ChangeSet } from './change-set.ts';
import type { MarketBoard } from './market-board.ts';
import type { ProjectedRecord } from './project-latest.ts';
import type { Projection } from './projections.ts';
import type { ViewRow } from './rows.ts';
import type { TaskBoard } from './task-board.ts';

/** What of the view is in memory, and what has changed of it. */
export interface Boards {
  readonly market: MarketBoard;
  readonly tasks: TaskBoard;
  readonly changes: ChangeSet;
}

/**
 * Tells the boards what the tables hold already. Nothing of it is read back from them: that was an eighth of the server's
 * time under load.
 */
export function noteChange(boards: Boards, { table }: Projection, { change, timestamp }: ProjectedRecord): void {
  switch (change.kind) {
    case 'unreadable':
      return;
    case 'count':
      return void (boards.changes.status = true);
    case 'put':
      return noteRow(boards, change, change.key, timestamp);
    case 'remove':
      if (table !== 'dead_letters') noteRow(boards, { table, value: undefined }, change.key, timestamp);
  }
}

interface RemovedRow {
  readonly table: ViewRow['table'];
  readonly value: undefined;
}

function noteRow(boards: Boards, row: ViewRow | RemovedRow, [id, hour]: ViewKey, appendedAt: number): void {
  const { market, tasks, changes } = boards;
  const [coin, ts] = [String(id), Number(hour)];
  switch (row.table) {
    case 'features':
      changes.hour(coin, ts);
      changes.appendedAt = Math.max(changes.appendedAt, appendedAt);
      return market.feature(coin, ts, row.value, changes);
    case 'prices':
      changes.hour(coin, ts);
      return market.price(coin, ts, row.value, changes);
    case 'movers':
      return market.mover(coin, row.value, changes);
    case 'tasks':
      changes.status = true;
      return tasks.set(coin, row.value);
    case 'positions':
  }
}
