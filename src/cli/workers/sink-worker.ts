import { hostname } from 'node:os';
import process from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import { asyncScheduler } from 'rxjs';
import { PulseError } from '../../errors.ts';
import type { Context } from '../context.ts';
import { openToRead } from '../namespace-log.ts';
import { runSinks } from '../sinks.ts';
import type { FromWorker, WorkerOrders } from './messages.ts';

/* A worker thread: the lake's sinks and their upkeep, until it is told to stop. */

const { config } = workerData as WorkerOrders;
const tell = (message: FromWorker): void => parentPort?.postMessage(message);
const stopping = new AbortController();
parentPort?.once('message', () => stopping.abort());

const context: Context = {
  config,
  clock: asyncScheduler,
  signal: stopping.signal,
  owner: `${hostname()}:${process.pid}:lake`,
  out: {
    isTerminal: false,
    result: () => Promise.resolve(true),
    say: (line) => tell({ kind: 'say', line }),
  },
};

try {
  const log = await openToRead(context);
  try {
    tell({ kind: 'ready' });
    await runSinks(context, log, false);
  } finally {
    await log.close();
  }
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  tell({ kind: 'halted', code: error instanceof PulseError ? error.code : undefined, text });
}
parentPort?.close();
