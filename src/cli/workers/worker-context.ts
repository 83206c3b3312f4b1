import { hostname } from 'node:os';
import process from 'node:process';
import { parentPort } from 'node:worker_threads';
import { asyncScheduler } from 'rxjs';
import type { Config } from '../../config.ts';
import type { Context } from '../context.ts';
import type { FromWorker } from './messages.ts';

/** Tells the thread that started this one. */
export const tell = (message: FromWorker): void => parentPort?.postMessage(message);

/** A worker thread's context: what it has to say goes to its parent, whose first message stops it. `name`: as reports have it. */
export function workerContext(config: Config, name: string | number): Context {
  const stopping = new AbortController();
  parentPort?.once('message', () => stopping.abort());
  return {
    config,
    clock: asyncScheduler,
    signal: stopping.signal,
    owner: `${hostname()}:${process.pid}:${name}`,
    out: {
      isTerminal: false,
      result: () => Promise.resolve(true),
      say: (line) => tell({ kind: 'say', line }),
    },
  };
}
