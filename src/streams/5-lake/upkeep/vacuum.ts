import { join } from 'node:path';
import type { DeltaTable } from '../delta/delta-table.ts';
import { checkpointVersion, commitVersion, LOG_FOLDER } from '../delta/log-names.ts';
import { diskPath } from '../delta/partition-path.ts';
import type { Disk, DiskEntry } from '../disk/disk.ts';
import { ASIDE } from '../disk/lake-disk.ts';

/** How long the log keeps the versions below a checkpoint (`delta.logRetentionDuration`). */
export const LOG_RETENTION_MS = 7 * 86_400_000;

export interface Vacuumed {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Removes what no reader of the last while can want: files that were taken out of the table longer ago than the retention,
 * files that a crash has left and no version names, and the log's versions below a checkpoint of long ago. A file that
 * is being written is younger than the retention, and stays.
 */
export async function vacuum(delta: DeltaTable): Promise<Vacuumed> {
  const { disk, folder, now, retentionMs } = delta.options;
  const expired = now() - retentionMs;
  const { files, tombstones } = delta.snapshot;
  const kept = new Set([...files.keys()].map(diskPath));
  for (const { path, deletionTimestamp } of tombstones.values())
    if ((deletionTimestamp ?? 0) > expired) kept.add(diskPath(path));
  let count = 0;
  let bytes = 0;
  const remove = async (path: string, { size }: DiskEntry): Promise<void> => {
    await disk.disk.remove(path);
    count++;
    bytes += size;
  };
  for await (const [path, entry] of dataFiles(disk.disk, folder))
    if (!kept.has(path) && entry.modifiedMs <= expired) await remove(join(folder, path), entry);
  for (const entry of await outdatedLog(delta, expired)) await remove(join(folder, LOG_FOLDER, entry.name), entry);
  return { files: count, bytes };
}

/** Every data file that lies in the table's folder, live or not, by its path in there. */
async function* dataFiles(disk: Disk, folder: string, within = ''): AsyncGenerator<readonly [string, DiskEntry]> {
  for (const entry of await disk.list(join(folder, within))) {
    const path = within === '' ? entry.name : `${within}/${entry.name}`;
    if (entry.isFolder && entry.name !== LOG_FOLDER) yield* dataFiles(disk, folder, path);
    else if (!entry.isFolder && entry.name.endsWith('.parquet')) yield [path, entry];
  }
}

async function outdatedLog({ options }: DeltaTable, expired: number): Promise<readonly DiskEntry[]> {
  const entries = await options.disk.disk.list(join(options.folder, LOG_FOLDER));
  const before = options.now() - LOG_RETENTION_MS;
  const needed = Math.max(
    -1,
    ...entries.filter(({ modifiedMs }) => modifiedMs <= before).map(({ name }) => checkpointVersion(name) ?? -1),
  );
  const versionOf = ({ name }: DiskEntry): number => commitVersion(name) ?? checkpointVersion(name) ?? Infinity;
  const isLeft = ({ name, modifiedMs }: DiskEntry): boolean => name.startsWith(ASIDE) && modifiedMs <= expired;
  return entries.filter((entry) => isLeft(entry) || versionOf(entry) < needed);
}
