import { Worker } from 'node:worker_threads';
import type { Config } from '../../config.ts';
import type { LakeContents } from '../../streams/5-lake/catalogue/lake-catalogue.ts';
import type { LakeReader } from '../../web/server/lake/lake-reader.ts';
import type { FromLakeReader } from './lake-reader-worker.ts';
import type { WorkerOrders } from './messages.ts';

const SCRIPT = new URL('../../../bin/worker.js', import.meta.url);
const MODULE = new URL('./lake-reader-worker.ts', import.meta.url);

/**
 * Reads the lake in a thread of its own, which begins with the first call: the log of a table of years takes a while to
 * read, and a digest longer; the server has frames to send. After a failure the next call begins with another thread.
 */
export function createLakeReader(config: Config): LakeReader {
  let worker: Worker | undefined;
  let reading: Promise<LakeContents> | undefined;
  const end = async (): Promise<void> => {
    const ending = worker;
    worker = undefined;
    // It has nothing to put in order: all it does is read.
    await ending?.terminate();
  };
  const ask = async (): Promise<LakeContents> => {
    worker ??= startWorker(config);
    try {
      return await answerOf(worker);
    } catch (error) {
      await end();
      throw error;
    }
  };
  return {
    read: () => (reading ??= ask().finally(() => (reading = undefined))),
    close: end,
  };
}

function startWorker(config: Config): Worker {
  const orders: WorkerOrders = { module: MODULE.href, config, index: 0, count: 1, stateFolder: undefined };
  const worker = new Worker(SCRIPT, { workerData: orders });
  // It keeps nobody from ending.
  worker.unref();
  return worker;
}

/** Rejects where it fails, or ends before it has answered. */
async function answerOf(worker: Worker): Promise<LakeContents> {
  const { message, ended, forget } = listenTo(worker);
  try {
    worker.postMessage('read');
    const answer = await Promise.race([message, ended]);
    if (answer.kind === 'failed') throw new Error(answer.text);
    return answer.contents;
  } finally {
    forget();
  }
}

interface Heard {
  readonly message: Promise<FromLakeReader>;
  readonly ended: Promise<never>;
  readonly forget: () => void;
}

function listenTo(worker: Worker): Heard {
  let forget = (): void => undefined;
  const message = new Promise<FromLakeReader>((resolve) => void worker.once('message', resolve));
  const ended = new Promise<never>((_, reject) => {
    const onExit = (): void => reject(new Error('the thread that reads the lake has ended'));
    worker.once('error', reject).once('exit', onExit);
    forget = () => void worker.off('error', reject).off('exit', onExit).removeAllListeners('message');
  });
  return { message, ended, forget };
}
