import type { Log, TransactionalWriter } from '../../../../src/streams/log/log.ts';

/** What the process dies of. */
export class Crash extends Error {}

/**
 * The log as a process sees it that dies at a commit: the one with this number (from 0 on) is lost, or done but not
 * acknowledged, and nothing more is done.
 */
export function crashingLog(log: Log, at: number, isDone: boolean): Log {
  let commits = 0;
  const dying = (writer: TransactionalWriter): TransactionalWriter => ({
    id: writer.id,
    close: () => writer.close(),
    commit: async (records) => {
      const number = commits++;
      if (number < at) return writer.commit(records);
      if (number === at && isDone) await writer.commit(records);
      throw new Crash(`at commit ${at}`);
    },
  });
  return { ...log, writer: async (id) => dying(await log.writer(id)) };
}
