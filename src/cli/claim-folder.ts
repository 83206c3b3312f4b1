import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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

/**
 * Claims the folder `1` of `base`, or `2`, `3` … where living processes have the ones before: a page's view and
 * a cluster's share of state belong to one process, and several may serve a namespace. A dead process's folder is taken over with what is in it.
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
  throw new PulseError('log-locked', `${MOST} processes work in folders of ${base}: stop one of them`);
}

function claim(owner: string): boolean {
  const found = claimIn(owner);
  if (found !== undefined && !removeDead(owner, found)) return false;
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

/** Removes the claim of a process that is gone; false where it lives, or where somebody else has put a new claim there. */
function removeDead(owner: string, found: string): boolean {
  const claimant = ownerOf(found);
  if (claimant !== undefined && isAlive(claimant)) return false;
  const aside = `${owner}.${process.pid}.dead`;
  try {
    renameSync(owner, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
  const isSame = claimIn(aside) === found;
  if (!isSame) linkSync(aside, owner);
  rmSync(aside, { force: true });
  return isSame;
}

function claimIn(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Undefined where it can't be read: half a claim is a dead one's, for claims are linked into place whole. */
function ownerOf(claimed: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(claimed) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
