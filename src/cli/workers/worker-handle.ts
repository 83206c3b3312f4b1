import { Worker } from 'node:worker_threads';
import { PulseError } from '../../errors.ts';
import type { FromWorker, WorkerOrders } from './messages.ts';

const SCRIPT = new URL('../../../bin/worker.js', import.meta.url);

/** One worker thread. It is told to stop, never terminated: LMDB's lock would stay with a thread that dies in a write. */
export class WorkerHandle {
  /** Resolves when it is at work; stays open where it never gets there. */
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #hasEnded = false;
  #isStopping = false;

  constructor(orders: WorkerOrders, say: (line: string) => void, onHalt: (error: unknown) => void) {
    const worker = (this.#worker = new Worker(SCRIPT, { workerData: orders }));
    this.ready = new Promise((resolve) => {
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
    this.#exited = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#hasEnded = true;
        if (!this.#isStopping) onHalt(new Error(`worker ${orders.index} ended by itself`));
        resolve();
      });
    });
  }

  /** Lets it commit and end, and waits for that. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    if (!this.#hasEnded) this.#worker.postMessage('stop');
    await this.#exited;
  }
}
