import { readDataFile } from '../../../src/streams/5-lake/data-file.ts';
import type { DeltaTableOptions } from '../../../src/streams/5-lake/delta/delta-table.ts';
import { readLog } from '../../../src/streams/5-lake/delta/read-log.ts';
import type { Snapshot } from '../../../src/streams/5-lake/delta/snapshot.ts';
import type { LakeTable } from '../../../src/streams/5-lake/lake-table.ts';
import type { Row } from '../../../src/streams/5-lake/parquet/column.ts';

/** The table's rows and state as of a version. */
export async function tableAt(
  options: DeltaTableOptions,
  table: LakeTable,
  version?: number,
): Promise<{ readonly snapshot: Snapshot; readonly rows: readonly Row[] }> {
  const snapshot = await readLog(options.disk.disk, options.folder, version);
  if (snapshot === undefined) throw new Error(`there is no version ${version} of ${options.folder}`);
  const rows: Row[] = [];
  for (const add of snapshot.files.values()) rows.push(...(await readDataFile(options, table, add)));
  return { snapshot, rows };
}
