import process from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import { type LabSetup, StepRunner } from '../../streams/skew-lab/step-runner.ts';
import type { Step, StepDone } from '../../streams/skew-lab/steps.ts';
import { threadTime } from './thread-time.ts';

/* A worker thread: an executor of the Skew Lab, which does one step after the other. */

/** What the thread is started with. */
export interface SkewOrders {
  readonly module: string;
  readonly setup: LabSetup;
}

/** What the thread answers to each step. */
export type FromSkewWorker =
  { readonly kind: 'done'; readonly done: StepDone } | { readonly kind: 'failed'; readonly text: string };

const { setup } = workerData as SkewOrders;
const runner = new StepRunner(setup, { now: () => Number(process.hrtime.bigint()) / 1e6, busy: threadTime() });

parentPort?.on('message', (step: Step) => parentPort?.postMessage(answer(step)));

function answer(step: Step): FromSkewWorker {
  try {
    return { kind: 'done', done: runner.run(step) };
  } catch (error) {
    return { kind: 'failed', text: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
