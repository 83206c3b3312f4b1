import { type ErrorCode, PulseError } from '../../errors.ts';

const MDB_PAGE_NOTFOUND = -30797;
const MDB_CORRUPTED = -30796;
const MDB_PANIC = -30795;
const MDB_VERSION_MISMATCH = -30794;
const MDB_INVALID = -30793;
const MDB_MAP_FULL = -30792;
const ENOSPC = 28;
const EDQUOT = 122;
const EACCES = 13;
const EROFS = 30;

/**
 * What an LMDB error means to us, as one of the closed codes; `what` names the file in the message, and `corrupt` is the
 * code for a file that LMDB can't make sense of. Source: lmdb.h, "Return Codes", and errno.
 */
export function explainLmdbError(error: unknown, what: string, corrupt: ErrorCode): PulseError {
  if (error instanceof PulseError) return error;
  const { code, message } = rootOf(error);
  const as = (kind: ErrorCode, fact: string): PulseError => new PulseError(kind, fact, { cause: error });
  if (code === ENOSPC || code === EDQUOT || code === MDB_MAP_FULL || /no space left|quota/i.test(message))
    return as('disk-full', `the disk is full: ${what} can't be written; free some space and start again`);
  if (code === EACCES || code === EROFS || /permission denied|read-only file system/i.test(message))
    return as('disk-unwritable', `${what} can't be written: ${message}`);
  if (
    [MDB_PAGE_NOTFOUND, MDB_CORRUPTED, MDB_PANIC, MDB_VERSION_MISMATCH, MDB_INVALID].includes(code) ||
    /MDB_(INVALID|CORRUPTED|PANIC|VERSION|PAGE)/.test(message)
  )
    return as(corrupt, `${what} is corrupt: ${message}`);
  return as(corrupt, `${what} can't be used: ${message}`);
}

function rootOf(error: unknown): { readonly code: number; readonly message: string } {
  let at = error as { code?: unknown; message?: unknown; commitError?: unknown; cause?: unknown };
  while (typeof at.commitError === 'object' && at.commitError !== null) at = at.commitError;
  return { code: Number(at.code ?? 0), message: String(at.message ?? error) };
}
