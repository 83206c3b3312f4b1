import { Worker } from 'node:worker_threads';
import type { Executors } from '../../streams/skew-lab/executors.ts';
import type { LabSetup } from '../../streams/skew-lab/step-runner.ts';
import type { StepDone } from '../../streams/skew-lab/steps.ts';
import type { FromSkewWorker, SkewOrders } from './skew-worker.ts';

const SCRIPT = new URL('../../../bin/worker.js', import.meta.url);
const MODULE = new URL('./skew-worker.ts', import.meta.url);

/** Node calls WASI experimental; all that is asked of it is a clock. */
const NO_WARNING = ['--disable-warning=ExperimentalWarning'];

/** Worker threads that do the steps of the Skew Lab. */
export interface SkewThreads extends Executors {
  end(): Promise<void>;
}

/** Starts so many. The records are in memory that they share: none is copied. */
export function startSkewThreads(setup: LabSetup, count: number): SkewThreads {
  const orders: SkewOrders = { module: MODULE.href, setup };
  const workers = Array.from({ length: count }, () => new Worker(SCRIPT, { workerData: orders, execArgv: NO_WARNING }));
  return {
    count,
    run(executor, step) {
      const worker = workers[executor];
      if (worker === undefined) return Promise.reject(new RangeError(`there is no executor ${executor}`));
      const answer = answerOf(worker);
      worker.postMessage(step);
      return answer;
    },
    // They hold nothing that could be left half done.
    end: async () => void (await Promise.all(workers.map((worker) => worker.terminate()))),
  };
}

function answerOf(worker: Worker): Promise<StepDone> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: FromSkewWorker): void => {
      worker.off('error', reject).off('exit', onExit);
      if (message.kind === 'done') resolve(message.done);
      else reject(new Error(message.text));
    };
    const onExit = (): void => reject(new Error('a thread of the lab has ended by itself'));
    worker.once('message', onMessage).once('error', reject).once('exit', onExit);
  });
}
