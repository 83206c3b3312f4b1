import { parentPort, workerData } from 'node:worker_threads';
import { LakeCatalogue, type LakeContents } from '../../streams/5-lake/catalogue/lake-catalogue.ts';
import { deltaOptions, openLakeDisk, tables } from '../lake-tables.ts';
import type { WorkerOrders } from './messages.ts';
import { workerContext } from './worker-context.ts';

/** What the thread answers each time that it is asked. */
export type FromLakeReader =
  { readonly kind: 'contents'; readonly contents: LakeContents } | { readonly kind: 'failed'; readonly text: string };

/* A worker thread: says what the lake holds, whenever it is asked. */

const { config } = workerData as WorkerOrders;
const context = workerContext(config, 'lake-reader');
const disk = openLakeDisk(context);
const catalogue = new LakeCatalogue({
  tables,
  dataDir: config.dataDir,
  delta: (table) => deltaOptions(context, disk, table),
});

const answer = async (): Promise<FromLakeReader> => {
  try {
    return { kind: 'contents', contents: await catalogue.read() };
  } catch (error) {
    return { kind: 'failed', text: error instanceof Error ? error.message : String(error) };
  }
};

parentPort?.on('message', () => {
  void answer().then((message) => parentPort?.postMessage(message));
});
