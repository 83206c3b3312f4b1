import { join } from 'node:path';
import type { Config } from '../../config.ts';
import type { Out } from '../context.ts';
import { createHalt } from '../halt.ts';
import { WorkerHandle } from './worker-handle.ts';

/** Worker threads that run the stages, each on its share of the partitions. */
export interface WorkerPool {
  /** Rejects when one of them has ended for good; never resolves. */
  readonly halted: Promise<never>;
  /** Commits what is processed, and ends them all; rejects where one has ended for good. */
  stop(): Promise<void>;
}

const MODULE = new URL('./process-worker.ts', import.meta.url);

/**
 * Starts `count` workers, which share state, or have a folder each in the one given. Rejects, with none left running, when
 * one can't start.
 */
export async function startWorkers(
  { config, out }: { readonly config: Config; readonly out: Pick<Out, 'say'> },
  count: number,
  folder?: string,
): Promise<WorkerPool> {
  const { halted, onHalt, check } = createHalt();
  const workers = Array.from({ length: count }, (_, index) => {
    const stateFolder = folder && join(folder, `worker-${index}`);
    return new WorkerHandle({ module: MODULE.href, config, index, count, stateFolder }, out.say, onHalt);
  });
  const stop = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.stop()));
    check();
  };
  try {
    await Promise.race([Promise.all(workers.map(({ ready }) => ready)), halted]);
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
  return { halted, stop };
}
