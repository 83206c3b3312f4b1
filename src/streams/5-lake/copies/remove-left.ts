import { join } from 'node:path';
import { ASIDE, type LakeDisk } from '../disk/lake-disk.ts';

/** Removes what an export that was killed has left in the folder: what was written under another name, and not lately. */
export async function removeLeft({ disk }: LakeDisk, folder: string, notSince: number): Promise<void> {
  for (const { name, modifiedMs } of await disk.list(folder))
    if (name.startsWith(ASIDE) && modifiedMs <= notSince) await disk.remove(join(folder, name));
}
