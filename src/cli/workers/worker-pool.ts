import type { Config } from '../../config.ts';
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

/** Starts `count` workers; what they have to say goes to `say`. Rejects, with none left running, when one can't start. */
export async function startWorkers(config: Config, count: number, say: (line: string) => void): Promise<WorkerPool> {
  const { halted, onHalt, check } = createHalt();
  const workers = Array.from(
    { length: count },
    (_, index) => new WorkerHandle({ module: MODULE.href, config, index, count }, say, onHalt),
  );
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
