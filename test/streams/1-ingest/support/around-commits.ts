import type { CommitResult, Log, OutputRecord } from '../../../../src/streams/log/log.ts';

/** The log with something done before, after or in place of each commit of its writers. */
export function aroundCommits(
  log: Log,
  around: (commit: () => Promise<CommitResult>, records: readonly OutputRecord[]) => Promise<CommitResult>,
): Log {
  return {
    ...log,
    writer: async (id) => {
      const writer = await log.writer(id);
      return {
        id,
        close: () => writer.close(),
        commit: (records, progress) => around(() => writer.commit(records, progress), records),
      };
    },
  };
}
