import { PulseError } from '../../errors.ts';
import { isFull } from './disk-room.ts';

type Meaning = 'disk-full' | 'disk-unwritable' | 'state-corrupt';

/** LMDB's own codes (lmdb.h, "Return Codes"), and errno where LMDB or the file system passes it on. */
const meanings: ReadonlyMap<unknown, Meaning> = new Map<unknown, Meaning>([
  [-30797, 'state-corrupt'], // MDB_PAGE_NOTFOUND
  [-30796, 'state-corrupt'], // MDB_CORRUPTED
  [-30795, 'state-corrupt'], // MDB_PANIC
  [-30794, 'state-corrupt'], // MDB_VERSION_MISMATCH
  [-30793, 'state-corrupt'], // MDB_INVALID
  [-30792, 'disk-full'], // MDB_MAP_FULL
  ...(['ENOSPC', 'EDQUOT', 28, 122] as const).map((code) => [code, 'disk-full'] as const),
]);

/** Ends what is said of a corrupt file, where it is for a person to act. */
export const ADVICE = '; remove that folder, it is rebuilt from the log';

/** An LMDB environment: what it is called in messages, and its folder. */
export interface LmdbSubject {
  readonly what: string;
  readonly path: string;
}

/**
 * What an error of LMDB or the file system means to us. `state-corrupt` is said of a file that LMDB can't make sense of,
 * and of nothing else: such a file is thrown away.
 */
export function explainLmdbError(error: unknown, { what, path }: LmdbSubject): PulseError {
  if (error instanceof PulseError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const meaning = mayBeCutShort(code) && isFull(path) ? 'disk-full' : (meanings.get(code) ?? 'disk-unwritable');
  return new PulseError(meaning, factOf(meaning, `${what} in ${path}`, message), { cause: error });
}

/** Whether LMDB says so: lmdb-js puts its codes and the system's errno into `code`, as numbers. */
export const isLmdbError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'number';

/** EIO, or MDB_BAD_TXN after it: a write that the full disk cut short. */
const mayBeCutShort = (code: unknown): boolean => code === 5 || code === 'EIO' || code === -30782;

function factOf(meaning: Meaning, what: string, message: string): string {
  switch (meaning) {
    case 'disk-full':
      return `the disk is full: ${what} can't be written; free some space and start again`;
    case 'disk-unwritable':
      return `${what} can't be used: ${message}; check the disk and the permissions`;
    case 'state-corrupt':
      return `${what} is corrupt: ${message}${ADVICE}`;
  }
}
