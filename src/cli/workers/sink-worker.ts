import { parentPort, workerData } from 'node:worker_threads';
import { PulseError } from '../../errors.ts';
import { openToRead } from '../namespace-log.ts';
import { runSinks } from '../sinks.ts';
import type { WorkerOrders } from './messages.ts';
import { tell, workerContext } from './worker-context.ts';

/* A worker thread: the lake's sinks and their upkeep, until it is told to stop. */

const { config } = workerData as WorkerOrders;
const context = workerContext(config, 'lake');

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
