import { join } from 'node:path';
import { openEmbeddedLog } from '../../src/streams/log/embedded/embedded-log.ts';
import type { LocalLog } from '../../src/streams/log/local/maintenance.ts';

/** Does something to the log in a data folder that no process works on. */
export async function withLog(folder: string, use: (log: LocalLog) => Promise<void>): Promise<void> {
  const log = await openEmbeddedLog({ path: join(folder, 'log'), mode: 'write' });
  try {
    await use(log);
  } finally {
    await log.close();
  }
}
