import { join } from 'node:path';
import type { Action, AddFile } from './delta/actions.ts';
import type { DeltaTable, DeltaTableOptions } from './delta/delta-table.ts';
import { fileStatistics } from './delta/file-statistics.ts';
import { diskPath, logPath, partitionFolder } from './delta/partition-path.ts';
import { fileColumns, type LakeTable } from './lake-table.ts';
import type { Row } from './parquet/column.ts';
import { decodeRows } from './parquet/decode-rows.ts';
import { encodeRows } from './parquet/encode-rows.ts';
import { PulseError } from '../../errors.ts';

/** Writes the rows of one partition as a new file, durable when it resolves; nobody sees it before its action is committed. */
export async function writeDataFile(
  { options, uncommitted }: DeltaTable,
  table: LakeTable,
  partition: Readonly<Record<string, string>>,
  rows: readonly Row[],
): Promise<AddFile> {
  const columns = fileColumns(table);
  const bytes = encodeRows(columns, rows);
  const folders = table.partitionColumns.map((name) => partitionFolder(name, partition[name] ?? ''));
  const path = [...folders, `part-${options.disk.newId()}.snappy.parquet`].join('/');
  uncommitted.note(logPath(path));
  await options.disk.create(join(options.folder, path), bytes);
  return {
    path: logPath(path),
    partitionValues: partition,
    size: bytes.length,
    modificationTime: options.now(),
    dataChange: true,
    stats: fileStatistics(columns, rows),
  };
}

/** The rows of a live file, in its order, with its partition's values. */
export async function readDataFile(
  options: DeltaTableOptions,
  table: LakeTable,
  file: AddFile,
): Promise<readonly Row[]> {
  const path = join(options.folder, diskPath(file.path));
  const bytes = await options.disk.disk.read(path);
  if (bytes === undefined) throw new PulseError('table-corrupt', `${path} is missing, and the table's log names it`);
  const rows = await decodeRows(fileColumns(table), bytes, path);
  return rows.map((row) => ({ ...row, ...file.partitionValues }));
}

/** The action that takes a file out of the table. */
export const removal = ({ path, partitionValues, size }: AddFile, deletionTimestamp: number): Action => ({
  remove: { path, deletionTimestamp, dataChange: true, partitionValues, size },
});
