import type { FileHandle } from 'node:fs/promises';

/** Which file it is, and in which state: a name may be another file's by now. */
export interface FileIdentity {
  readonly inode: string;
  readonly bytes: number;
  /** When it was written: milliseconds since the epoch. */
  readonly modifiedMs: number;
}

export async function identityOf(handle: FileHandle): Promise<FileIdentity> {
  const { dev, ino, size, mtimeMs } = await handle.stat();
  return { inode: `${dev}:${ino}`, bytes: size, modifiedMs: mtimeMs };
}

export const areSameFile = (one: FileIdentity, other: FileIdentity): boolean =>
  one.inode === other.inode && one.bytes === other.bytes && one.modifiedMs === other.modifiedMs;
