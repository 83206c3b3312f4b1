import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedLog } from '../../src/streams/log/embedded/embedded-log.ts';
import type { LocalLog } from '../../src/streams/log/local/maintenance.ts';
import { type CreateLog, ShiftedTime } from './log-contract-tools.ts';

/** An embedded log in a folder of its own, gone afterwards. */
export const createEmbeddedLog: CreateLog = async (options = {}) => {
  const path = await mkdtemp(join(tmpdir(), 'pulse-log-'));
  const time = new ShiftedTime();
  const open = (): Promise<LocalLog> => openEmbeddedLog({ ...options, path, mode: 'write', time });
  let log = await open();
  return {
    log,
    time,
    reopen: async () => {
      await log.close();
      return (log = await open());
    },
    dispose: async () => {
      await log.close();
      await rm(path, { recursive: true });
    },
  };
};
