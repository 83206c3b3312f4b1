import { appendFile, link, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PulseError } from '../../../errors.ts';
import type { Disk, DiskEntry } from './disk.ts';

/** The machine's own file system. */
export const nodeDisk: Disk = {
  write: (path, bytes) => explained(path, () => writeFile(path, bytes)),
  append: (path, bytes) => explained(path, () => appendFile(path, bytes)),
  sync: (path) =>
    explained(path, async () => {
      const handle = await open(path, 'r');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    }),
  link: (from, to) => explained(to, () => unless('EEXIST', link(from, to))),
  rename: (from, to) => explained(to, () => rename(from, to)),
  remove: (path) => explained(path, () => rm(path, { force: true })),
  makeFolder: (path) => explained(path, () => unless('EEXIST', mkdir(path))),
  read: (path) => explained(path, () => orUndefined(readFile(path))),
  readPart: (path, start, end) => explained(path, () => orUndefined(partOf(path, start, end))),
  list: (path) =>
    explained(path, async () => {
      const names = (await orUndefined(readdir(path))) ?? [];
      const entries = await Promise.all(names.map((name) => entryOf(path, name)));
      return entries.filter((entry) => entry !== undefined);
    }),
};

async function partOf(path: string, start: number, end: number): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const bytes = new Uint8Array(end - start);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await handle.close();
  }
}

/** Undefined where the file went away while the folder was read. */
async function entryOf(folder: string, name: string): Promise<DiskEntry | undefined> {
  const found = await orUndefined(stat(join(folder, name)));
  return found && { name, isFolder: found.isDirectory(), size: found.size, modifiedMs: found.mtimeMs };
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

async function unless(code: string, done: Promise<unknown>): Promise<boolean> {
  try {
    await done;
    return true;
  } catch (error) {
    if (codeOf(error) === code) return false;
    throw error;
  }
}

async function orUndefined<Value>(found: Promise<Value>): Promise<Value | undefined> {
  try {
    return await found;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function explained<Value>(path: string, use: () => Promise<Value>): Promise<Value> {
  try {
    return await use();
  } catch (cause) {
    const folder = dirname(path);
    if (codeOf(cause) === 'ENOSPC' || codeOf(cause) === 'EDQUOT')
      throw new PulseError('disk-full', `the disk that holds ${folder} is full: free some space`, { cause });
    const fact = `${folder} can't be used: ${reasonOf(cause)}`;
    throw new PulseError('disk-unwritable', `${fact}; check the disk and its permissions`, { cause });
  }
}

/** Of `EROFS: read-only file system, open '/a/b'`, what a person wants to know. */
function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return /^E[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message;
}
