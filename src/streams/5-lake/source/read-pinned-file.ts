import { join } from 'node:path';
import { PulseError } from '../../../errors.ts';
import type { AddFile } from '../delta/actions.ts';
import type { DeltaTableOptions } from '../delta/delta-table.ts';
import { diskPath } from '../delta/partition-path.ts';
import { readLog } from '../delta/read-log.ts';
import type { ReadBytes } from '../parquet/parquet-file.ts';

/** Where a file of the table lies. */
export const pathOf = ({ folder }: DeltaTableOptions, { path }: AddFile): string => join(folder, diskPath(path));

/**
 * Reads parts of a file of that version of the table. Where the file is gone, throws `version-vacuumed` if newer versions do
 * without it, and `table-corrupt` if they need it.
 */
export function readerOf(options: DeltaTableOptions, version: number, file: AddFile): ReadBytes {
  const path = pathOf(options, file);
  return async (start, end) => {
    const bytes = await options.disk.disk.readPart(path, start, end);
    if (bytes === undefined) throw await goneError(options, version, file);
    return bytes;
  };
}

async function goneError(options: DeltaTableOptions, version: number, file: AddFile): Promise<PulseError> {
  const path = pathOf(options, file);
  const newest = await readLog(options.disk.disk, options.folder);
  if (newest === undefined || newest.files.has(file.path))
    return new PulseError('table-corrupt', `${path} is missing, and the table's log names it`);
  const fact = `${path} of version ${version} was vacuumed while that version was read`;
  return new PulseError('version-vacuumed', `${fact}: read on from version ${newest.version}`);
}
