import { ZodError } from 'zod';
import { type ErrorCode, PulseError } from '../../../errors.ts';
import { isFull } from '../../../state/lmdb/disk-room.ts';

const advice = {
  'disk-full': (path: string) => `The disk that holds the log at ${path} is full: free some space and start again.`,
  'disk-unwritable': (path: string) => `The log at ${path} can't be written: check the disk and its permissions.`,
  'log-corrupt': (path: string) => `The log at ${path} is damaged: restore it from a copy, or remove it to start anew.`,
  'log-format': (path: string) => `The log at ${path} is of a format that this program does not know.`,
} as const satisfies Partial<Record<ErrorCode, (path: string) => string>>;

/** LMDB's own codes, and errno where LMDB passes it on; lmdb-js puts either into `code`. */
const codes: ReadonlyMap<unknown, keyof typeof advice> = new Map<unknown, keyof typeof advice>([
  [-30797, 'log-corrupt'], // MDB_PAGE_NOTFOUND
  [-30796, 'log-corrupt'], // MDB_CORRUPTED
  [-30793, 'log-corrupt'], // MDB_INVALID
  [-30782, 'log-corrupt'], // MDB_BAD_TXN: something before it failed
  [-30794, 'log-format'], // MDB_VERSION_MISMATCH
  [-30792, 'disk-full'], // MDB_MAP_FULL
  ...(['ENOSPC', 'EDQUOT', 'EFBIG', 28, 122, 27] as const).map((code) => [code, 'disk-full'] as const),
  ...(['EACCES', 'EROFS', 'EPERM', 'EIO', 13, 30, 1, 5] as const).map((code) => [code, 'disk-unwritable'] as const),
]);

/** The one place where what LMDB and the file system throw becomes a PulseError with a code of this program. */
export function logFailure(error: unknown, path: string): unknown {
  if (error instanceof PulseError || !(error instanceof Error)) return error;
  const code = isUnreadable(error) ? 'log-corrupt' : codes.get('code' in error ? error.code : undefined);
  if (code === undefined) return error;
  const meant = mayBeCutShort(error) && isFull(path) ? 'disk-full' : code;
  return new PulseError(meant, advice[meant](path), { cause: error });
}

/** What is stored as JSON is no JSON, or says what it can't say. */
const isUnreadable = (error: Error): boolean => error instanceof SyntaxError || error instanceof ZodError;

/** A write that the full disk cut short. */
const mayBeCutShort = (error: Error): boolean =>
  'code' in error && (error.code === 5 || error.code === 'EIO' || error.code === -30782);
