import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, type ProcessIdentity, thisProcess } from '../streams/log/embedded/process-identity.ts';

/** A folder that no other living process works in. */
export interface ClaimedFolder {
  readonly path: string;
  release(): void;
}

const MOST = 64;

/**
 * Claims the folder `1` of `base`, or `2`, `3` … where living processes have the ones before: a page's view belongs to
 * one server, and several may serve a namespace. A dead process's folder is taken over with what is in it.
 */
export function claimFolder(base: string): ClaimedFolder {
  mkdirSync(base, { recursive: true });
  for (let number = 1; number <= MOST; number++) {
    const path = join(base, String(number));
    const owner = `${path}.owner`;
    if (claim(owner)) return { path, release: () => rmSync(owner, { force: true }) };
  }
  throw new Error(`${MOST} processes serve a page from ${base} already`);
}

function claim(owner: string): boolean {
  const found = ownerOf(owner);
  if (found !== undefined && isAlive(found)) return false;
  if (found !== undefined) rmSync(owner, { force: true });
  try {
    // Created, or not at all: of two that come at once, one gets it.
    writeFileSync(owner, JSON.stringify(thisProcess()), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function ownerOf(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
