import type { Config } from '../../config.ts';
import { createHalt } from '../halt.ts';
import { WorkerHandle } from './worker-handle.ts';

/** The lake's sinks in a thread of their own: writing Parquet would hold up the stages and the page. */
export interface SinkThread {
  /** Rejects when a sink has ended for good; never resolves. */
  readonly halted: Promise<never>;
  /** Commits what is read, and ends; rejects where a sink has ended for good. */
  stop(): Promise<void>;
}

const MODULE = new URL('./sink-worker.ts', import.meta.url);

/** Starts it; what it has to say goes to `say`. */
export function startSinkThread(config: Config, say: (line: string) => void): SinkThread {
  const { halted, onHalt, check } = createHalt();
  const worker = new WorkerHandle(
    { module: MODULE.href, config, index: 0, count: 1, stateFolder: undefined },
    say,
    onHalt,
  );
  return {
    halted,
    async stop() {
      await worker.stop();
      check();
    },
  };
}
