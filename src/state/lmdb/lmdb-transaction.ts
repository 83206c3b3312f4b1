import type { Key, RootDatabase } from 'lmdb';
import { commitFailure } from './commit-failure.ts';
import { freeBytes } from './disk-room.ts';
import { explainLmdbError, isLmdbError, type LmdbSubject } from './lmdb-errors.ts';

/** With less room than this, commits run where LMDB reports a full disk without printing it. */
const AMPLE_ROOM_BYTES = 256 * 2 ** 20;

/**
 * Runs the writes in one transaction; all or nothing, durable when it resolves. Rejects with what `write` throws, or with
 * why it could not be committed: `disk-full`, `disk-unwritable`. Open the environment with `eventTurnBatching: false`: with
 * it, lmdb-js makes a second promise that nobody handles when a commit fails.
 *
 * Commits run on another thread; only when the disk is nearly full do they run on this one, as lmdb-js prints the error of
 * an asynchronous commit on the console.
 */
export async function inLmdbTransaction<Value, K extends Key>(
  root: RootDatabase<Value, K>,
  subject: LmdbSubject,
  write: () => void,
): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  const body = (): void => {
    try {
      write();
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  try {
    // A child transaction is the one that an exception undoes alone, whatever else shares its batch.
    if (freeBytes(subject.path) > AMPLE_ROOM_BYTES) await root.childTransaction(body);
    else root.transactionSync(body);
  } catch (error) {
    if (failure !== undefined && !isLmdbError(failure.error)) throw failure.error;
    throw explainLmdbError(await commitFailure(error), subject);
  }
}
