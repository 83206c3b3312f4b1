import { statfsSync } from 'node:fs';

/** LMDB reports a write that the full disk cut short as EIO; with less than this left, that is what it was. */
const FULL_BELOW_BYTES = 1 << 20;

/** Bytes that may still be written to the disk of a folder. */
export function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

/** Whether the disk of a folder is as good as full; not where that can't be told. */
export function isFull(path: string): boolean {
  try {
    return freeBytes(path) < FULL_BELOW_BYTES;
  } catch {
    return false;
  }
}
