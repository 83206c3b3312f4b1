import { groupBy } from '../group-by.ts';
import { readDataFile, removal, writeDataFile } from '../data-file.ts';
import type { Action } from '../delta/actions.ts';
import type { DeltaTable } from '../delta/delta-table.ts';
import type { LakeTable } from '../lake-table.ts';
import type { Row } from '../parquet/column.ts';
import { type HourlyPart, monthOf } from './hourly-files.ts';
import { applyChanges } from './row-change.ts';

/**
 * Copy on write: the part's rows with its changes as new files, one a month, in place of the old ones. No actions where
 * nothing changes.
 */
export async function rewriteHours(delta: DeltaTable, table: LakeTable, part: HourlyPart): Promise<readonly Action[]> {
  const rows = new Map<number, Row>();
  for (const file of part.files)
    for (const row of await readDataFile(delta.options, table, file)) rows.set(Number(row.ts), row);
  if (!applyChanges(rows, part.changes) && part.files.length < 2) return [];
  const months = groupBy(
    [...rows].sort(([a], [b]) => a - b),
    ([ts]) => monthOf(ts),
  );
  const actions = part.files.map((file) => removal(file, delta.options.now()));
  for (const entries of months.values()) {
    const sorted = entries.map(([, row]) => row);
    actions.push({ add: await writeDataFile(delta, table, { coin_id: part.coinId }, sorted) });
  }
  return actions;
}
