import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Key, open, type RootDatabase, type RootDatabaseOptions } from 'lmdb';
import { PulseError } from '../../errors.ts';
import { dataFileFault } from './data-file.ts';
import { freeBytes } from './disk-room.ts';
import { ADVICE, explainLmdbError, type LmdbSubject } from './lmdb-errors.ts';

/** LMDB maps its lock file for writing; a page of it that the disk has no room for would kill the process. */
const ROOM_TO_OPEN_BYTES = 256 * 1024;

/**
 * Opens an LMDB environment that is a cache: its folder is made when absent, and where LMDB can't read what is in there,
 * or `use` finds that out, the folder is removed, `onDiscard` told in a sentence, and a new one made. Throws `disk-full`
 * or `disk-unwritable`.
 */
export function openOrDiscard<Value, K extends Key, Used>(
  subject: LmdbSubject,
  settings: RootDatabaseOptions,
  onDiscard: (why: string) => void,
  use: (root: RootDatabase<Value, K>) => Used,
): Used {
  const attempt = (): Used => {
    let root: RootDatabase<Value, K> | undefined;
    try {
      checkFolder(subject);
      root = open<Value, K>({ ...settings, path: subject.path, noSubdir: false, eventTurnBatching: false });
      return use(root);
    } catch (error) {
      void root?.close();
      throw explainLmdbError(error, subject);
    }
  };
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof PulseError && error.code === 'state-corrupt')) throw error;
    onDiscard(`${error.message.replace(ADVICE, '')}: it is rebuilt from the log`);
    rmSync(subject.path, { recursive: true, force: true });
    return attempt();
  }
}

function checkFolder({ what, path }: LmdbSubject): void {
  mkdirSync(path, { recursive: true });
  const fault = dataFileFault(join(path, 'data.mdb'));
  if (fault !== undefined) throw new PulseError('state-corrupt', `${what} in ${path} ${fault.how}`);
  if (!existsSync(join(path, 'lock.mdb')) && freeBytes(path) < ROOM_TO_OPEN_BYTES)
    throw new PulseError('disk-full', `the disk has no room for ${what} in ${path}: free some space and start again`);
}
