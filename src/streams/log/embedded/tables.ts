import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { PulseError } from '../../../errors.ts';
import { freeBytes } from '../../../state/lmdb/disk-room.ts';
import { checkDataFile } from './data-file.ts';
import { logFailure } from './failures.ts';

/** How a log is opened: `write` takes the writer lock and creates what is missing, `read` changes nothing. */
export type LogMode = 'write' | 'read';

/** The tables of a log's LMDB environment. */
export interface Tables {
  readonly root: RootDatabase<Buffer, Buffer>;
  /** Format, identity, lock, topics, epochs and progress, as JSON. */
  readonly meta: Database<unknown, MetaKey>;
  /** Partition states by topic id and partition. */
  readonly partitions: Database<Buffer, Buffer>;
  /** Record batches by topic id, partition and base offset. */
  readonly batches: Database<Buffer, Buffer>;
}

export type MetaKey = string | (string | number)[];

const tableNames = ['meta', 'partitions', 'batches'] as const;
const binary = { encoding: 'binary', keyEncoding: 'binary' } as const;

/** LMDB maps its lock file for writing; a page of it that the disk has no room for would kill the process. */
const ROOM_TO_OPEN_BYTES = 256 * 1024;

/**
 * Opens the environment in a folder; creates it in `write` mode. Errors: `file-unreadable` where there is no log to
 * read, `log-corrupt`, `log-format`, `disk-full`, `disk-unwritable`.
 */
export function openTables(path: string, mode: LogMode): Tables {
  try {
    const file = join(path, 'data.mdb');
    if (mode === 'write') makeFolder(path);
    else if (isEmptyOrAbsent(file)) throw noLog(path);
    checkDataFile(file);
    if (!existsSync(join(path, 'lock.mdb')) && freeBytes(path) < ROOM_TO_OPEN_BYTES) {
      throw new PulseError('disk-full', `The disk has no room for a log at ${path}: free some space and start again.`);
    }
    return openEnvironment(path, mode);
  } catch (error) {
    throw logFailure(error, path);
  }
}

/** LMDB makes an empty file a new environment, and dies of one that it may not write. */
const isEmptyOrAbsent = (file: string): boolean => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0;

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    const failure = logFailure(error, path);
    if (failure instanceof PulseError) throw failure;
    // On a read-only disk Node says ENOENT, and EEXIST or ENOTDIR where a file is in the way.
    throw new PulseError('disk-unwritable', `The folder ${path} can't be made: check the path.`, { cause: error });
  }
}

function openEnvironment(path: string, mode: LogMode): Tables {
  const root = open<Buffer, Buffer>({
    ...binary,
    path,
    noSubdir: false,
    readOnly: mode === 'read',
    // A resolved commit is on the disk, not on its way there.
    overlappingSync: false,
    // One promise a transaction, and no second one that nobody handles when a commit fails.
    eventTurnBatching: false,
    noMemInit: true,
  });
  try {
    checkIsLog(root, path, mode);
    return {
      root,
      meta: root.openDB<unknown, MetaKey>({ name: 'meta', encoding: 'json' }),
      partitions: root.openDB<Buffer, Buffer>({ name: 'partitions', ...binary }),
      batches: root.openDB<Buffer, Buffer>({ name: 'batches', ...binary }),
    };
  } catch (error) {
    void root.close();
    throw error;
  }
}

/** A foreign LMDB file gets no tables of ours; one without tables is a new log, of which there is nothing to read. */
function checkIsLog(root: RootDatabase<Buffer, Buffer>, path: string, mode: LogMode): void {
  // The names are stored with the NUL that C ends its strings with.
  const names = [...root.getKeys()].map((name) => name.toString('utf8').replace(/\0$/, ''));
  if (names.length === 0 && mode === 'write') return;
  if (names.length === 0) throw noLog(path);
  if (tableNames.every((name) => names.includes(name))) return;
  throw new PulseError('log-format', `${path} holds another program's data: use another folder for the log.`);
}

const noLog = (path: string): PulseError =>
  new PulseError('file-unreadable', `There is no log at ${path}: nothing has been written there yet.`);
