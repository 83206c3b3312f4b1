import type { Log, OutputRecord } from '../log/log.ts';

/** Runs what writes to a namespace's `pulse.positions` for the replay; whoever was at it before is fenced. */
export async function withPositionsWriter<Result>(
  log: Log,
  positionsTopic: string,
  use: (commit: (records: readonly OutputRecord[]) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const writer = await log.writer(`${positionsTopic}-replay`);
  try {
    return await use(async (records) => void (await writer.commit(records)));
  } finally {
    await writer.close();
  }
}
