import { parentPort, workerData } from 'node:worker_threads';
import { PulseError } from '../../errors.ts';
import { untilAborted } from '../../streams/clock/until-aborted.ts';
import { shareOf } from '../../streams/log/share-of.ts';
import { isOnKafka, openToWrite } from '../namespace-log.ts';
import { startProcessing } from '../stages.ts';
import type { WorkerOrders } from './messages.ts';
import { tell, workerContext } from './worker-context.ts';

/* A worker thread: both stages on its share of the partitions, until it is told to stop. */

const { config, index, count, stateFolder } = workerData as WorkerOrders;
const context = workerContext(config, index);

async function work(): Promise<void> {
  const opened = await openToWrite(context);
  try {
    // The groups of a cluster share the partitions out among whoever joins them.
    const log = isOnKafka(context) ? opened.log : shareOf(opened.log, index, count);
    const processing = await startProcessing(context, { ...opened, log }, { stateFolder });
    try {
      tell({ kind: 'ready' });
      await Promise.race([processing.halted, untilAborted(context.signal)]);
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
