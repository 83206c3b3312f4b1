import { asyncScheduler, type SchedulerLike } from 'rxjs';
import type { LocalLog } from '../local/maintenance.ts';
import { Environment } from './environment.ts';
import { logFailure } from './failures.ts';
import { createHeader, readIdentity } from './log-header.ts';
import { logSession, type SessionOptions } from './log-session.ts';
import type { LogMode } from './tables.ts';
import { WriterLock } from './writer-lock.ts';

export interface EmbeddedLogOptions extends SessionOptions {
  /** The log's folder; created in `write` mode. */
  readonly path: string;
  /** `write`: one process at a time. `read`: any number of processes, also while one writes. */
  readonly mode: LogMode;
  /** Clock of the records and timer of the waits. */
  readonly time?: SchedulerLike;
}

/**
 * Opens the log in a folder, on LMDB. Rejects with `log-locked` while another process writes to it, and with
 * `file-unreadable` (no log to read), `log-format`, `log-corrupt`, `disk-full` or `disk-unwritable`.
 */
export async function openEmbeddedLog(options: EmbeddedLogOptions): Promise<LocalLog> {
  const { path, mode, time = asyncScheduler } = options;
  const environment = await Environment.open(path, mode, time);
  try {
    const lock = mode === 'write' ? takeLock(environment, time.now()) : undefined;
    const identity = readIdentity(environment.tables, path);
    return logSession(environment, identity, lock, time, options);
  } catch (error) {
    await environment.close();
    throw logFailure(error, path);
  }
}

function takeLock({ tables, path }: Environment, now: number): WriterLock {
  return tables.root.transactionSync(() => {
    createHeader(tables);
    readIdentity(tables, path);
    return WriterLock.take(tables, path, now);
  });
}
