import process from 'node:process';
import { reportFailure } from './report-failure.ts';

/**
 * An exception that nobody awaited is reported like any other failure, and then the command winds up as at a SIGTERM. To
 * exit on the spot could hang for ever: Node joins the threads of its pool, where LMDB may wait for this thread to fill a
 * transaction (kriszyp/lmdb-js#336).
 */
export function endOnUnexpected(isVerbose: () => boolean): { readonly hasFailed: () => boolean } {
  let failed = false;
  process.on('uncaughtException', (error) => {
    if (failed) return;
    failed = true;
    process.exitCode = reportFailure(error, isVerbose());
    // Where nobody listens, nothing is open.
    if (!process.emit('SIGTERM', 'SIGTERM')) process.exit();
  });
  return { hasFailed: () => failed };
}
