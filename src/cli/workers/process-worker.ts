import { hostname } from 'node:os';
import process from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import { asyncScheduler } from 'rxjs';
import { PulseError } from '../../errors.ts';
import { untilAborted } from '../../streams/clock/until-aborted.ts';
import { shareOf } from '../../streams/log/share-of.ts';
import type { Context } from '../context.ts';
import { isOnKafka, openToWrite } from '../namespace-log.ts';
import { startProcessing } from '../stages.ts';
import type { FromWorker, WorkerOrders } from './messages.ts';

/* A worker thread: both stages on its share of the partitions, until it is told to stop. */

const { config, index, count, stateFolder } = workerData as WorkerOrders;
const tell = (message: FromWorker): void => parentPort?.postMessage(message);
const stopping = new AbortController();
parentPort?.once('message', () => stopping.abort());

const context: Context = {
  config,
  clock: asyncScheduler,
  signal: stopping.signal,
  owner: `${hostname()}:${process.pid}:${index}`,
  out: {
    isTerminal: false,
    result: () => Promise.resolve(true),
    say: (line) => tell({ kind: 'say', line }),
  },
};

async function work(): Promise<void> {
  const opened = await openToWrite(context);
  try {
    // The groups of a cluster share the partitions out among whoever joins them.
    const log = isOnKafka(context) ? opened.log : shareOf(opened.log, index, count);
    const processing = await startProcessing(context, { ...opened, log }, stateFolder);
    try {
      tell({ kind: 'ready' });
      await Promise.race([processing.halted, untilAborted(stopping.signal)]);
    } finally {
      await processing.stop();
    }
  } finally {
    await opened.log.close();
  }
}

try {
  await work();
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  tell({ kind: 'halted', code: error instanceof PulseError ? error.code : undefined, text });
}
parentPort?.close();
