import { dirname, join } from 'node:path';
import type { DeltaTableOptions } from '../delta/delta-table.ts';
import { diskPath } from '../delta/partition-path.ts';
import type { Snapshot } from '../delta/snapshot.ts';

/** The live files that are not on the disk as the log has them, missing or of another size: their paths in the table's folder. */
export async function damagedFiles(
  { disk: { disk }, folder }: DeltaTableOptions,
  { files }: Snapshot,
): Promise<readonly string[]> {
  const wanted = new Map([...files.values()].map(({ path, size }) => [diskPath(path), size]));
  const found = new Map<string, number>();
  for (const name of new Set([...wanted.keys()].map((path) => dirname(path))))
    for (const entry of await disk.list(join(folder, name))) found.set(join(name, entry.name), entry.size);
  return [...wanted].filter(([path, size]) => found.get(path) !== size).map(([path]) => path);
}
