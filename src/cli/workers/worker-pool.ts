import { Worker } from 'node:worker_threads';
import type { Config } from '../../config.ts';
import { PulseError } from '../../errors.ts';
import type { FromWorker, WorkerOrders } from './messages.ts';

/** Worker threads that run the stages, each on its share of the partitions. */
export interface WorkerPool {
  /** Rejects when one of them has ended for good; never resolves. */
  readonly halted: Promise<never>;
  /** Commits what is processed, and ends them all. */
  stop(): Promise<void>;
}

const SCRIPT = new URL('../../../bin/worker.js', import.meta.url);
const MODULE = new URL('./process-worker.ts', import.meta.url);

/** Starts `count` workers; what they have to say goes to `say`. */
export async function startWorkers(config: Config, count: number, say: (line: string) => void): Promise<WorkerPool> {
  let onHalt: (error: unknown) => void = () => undefined;
  const halted = new Promise<never>((_, reject) => (onHalt = reject));
  halted.catch(() => undefined);
  const workers = Array.from({ length: count }, (_, index) => {
    const orders: WorkerOrders = { module: MODULE.href, config, index, count };
    return startWorker(orders, say, onHalt);
  });
  await Promise.race([Promise.all(workers.map(({ ready }) => ready)), halted]);
  return {
    halted,
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}

function startWorker(orders: WorkerOrders, say: (line: string) => void, onHalt: (error: unknown) => void) {
  const worker = new Worker(SCRIPT, { workerData: orders });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  let isStopping = false;
  const ready = new Promise<void>((resolve) => {
    worker.on('message', (message: FromWorker) => {
      switch (message.kind) {
        case 'ready':
          return resolve();
        case 'say':
          return say(message.line);
        case 'halted':
          return onHalt(
            message.code === undefined ? new Error(message.text) : new PulseError(message.code, message.text),
          );
      }
    });
  });
  worker.once('error', onHalt);
  worker.once('exit', () => {
    if (!isStopping) onHalt(new Error(`worker ${orders.index} ended by itself`));
  });
  return {
    ready,
    stop: async (): Promise<void> => {
      isStopping = true;
      worker.postMessage('stop');
      await exited;
    },
  };
}
