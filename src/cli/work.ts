import type { Context } from './context.ts';
import type { NamespaceLog } from './namespace-log.ts';
import { claimStateFolder, openState } from './open-state.ts';
import { ensureStagePositions, startProcessing } from './stages.ts';
import { startWorkers } from './workers/worker-pool.ts';

/** Stages at work somewhere in this process. */
export interface AtWork {
  /** Rejects when a task has ended for good; never resolves. */
  readonly halted: Promise<never>;
  /** Commits what is processed, and ends; rejects where a task has ended for good. */
  stop(): Promise<void>;
}

/** Runs the stages: in this thread, or in several that share the partitions. */
export async function startWork(context: Context, opened: NamespaceLog, workers: number): Promise<AtWork> {
  const useful = Math.min(workers, opened.partitions);
  if (useful <= 1) return startProcessing(context, opened);
  const folder = claimStateFolder(context);
  try {
    // What only one of them may do is done here: discarding state that they share, and the first positions.
    if (folder === undefined) await (await openState(context, opened.log)).close();
    await ensureStagePositions(context, opened);
    const pool = await startWorkers(context, useful, folder?.path);
    return { halted: pool.halted, stop: () => pool.stop().finally(() => folder?.release()) };
  } catch (error) {
    folder?.release();
    throw error;
  }
}
