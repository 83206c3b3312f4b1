import { PulseError } from '../errors.ts';
import type { Context } from './context.ts';
import { isOnKafka, type NamespaceLog } from './namespace-log.ts';
import { openState } from './open-state.ts';
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
  if (isOnKafka(context))
    throw new PulseError('usage', '--workers is for the embedded log: on Kafka, run pulse process several times');
  // What only one of them may do is done here: discarding state of something else, and the first positions.
  await (await openState(context, opened.log)).close();
  await ensureStagePositions(context, opened);
  return startWorkers(context.config, useful, context.out.say);
}
