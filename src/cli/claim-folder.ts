import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { PulseError } from '../errors.ts';
import { isAlive, type ProcessIdentity, thisProcess } from '../streams/log/embedded/process-identity.ts';

/** A folder that no other living process works in. */
export interface ClaimedFolder {
  readonly path: string;
  release(): void;
}

const MOST = 64;

/** A claim that can't be read is half a claim: its writer links a whole one into place, so nobody is writing it. */
type Owner = ProcessIdentity | 'nobody' | undefined;

/**
 * Claims the folder `1` of `base`, or `2`, `3` … where living processes have the ones before: a page's view belongs to
 * one server, and several may serve a namespace. A dead process's folder is taken over with what is in it.
 * Throws `disk-full` or `disk-unwritable`.
 */
export function claimFolder(base: string): ClaimedFolder {
  try {
    mkdirSync(base, { recursive: true });
    for (let number = 1; number <= MOST; number++) {
      const path = join(base, String(number));
      const owner = `${path}.owner`;
      if (claim(owner)) return { path, release: () => rmSync(owner, { force: true }) };
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOSPC')
      throw new PulseError('disk-full', `the disk has no room for ${base}: free some space and start again`, { cause });
    throw new PulseError('disk-unwritable', `${base} can't be written: check the disk and its permissions`, { cause });
  }
  throw new PulseError('log-locked', `${MOST} processes serve a page from ${base}: stop one of them`);
}

function claim(owner: string): boolean {
  const found = ownerOf(owner);
  if (found !== undefined && found !== 'nobody' && isAlive(found)) return false;
  if (found !== undefined) rmSync(owner, { force: true });
  const own = `${owner}.${process.pid}`;
  try {
    writeFileSync(own, JSON.stringify(thisProcess()));
    // Linked whole, or not at all: of two that come at once, one gets it.
    linkSync(own, owner);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

function ownerOf(file: string): Owner {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'nobody';
  }
}
