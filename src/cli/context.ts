import { hostname } from 'node:os';
import process from 'node:process';
import { asyncScheduler, type SchedulerLike } from 'rxjs';
import type { Config } from '../config.ts';
import { standardOutput } from './standard-output.ts';

/** What every command works with. */
export interface Context {
  readonly config: Config;
  readonly clock: SchedulerLike;
  /** Aborts at the first SIGINT or SIGTERM: commit, and end. */
  readonly signal: AbortSignal;
  /** This instance, as reports name it. */
  readonly owner: string;
  readonly out: Out;
}

/** Where a command writes: results to stdout, everything said to a person to stderr. */
export interface Out {
  readonly isTerminal: boolean;
  /** A line of results. Resolves when it may go on; false when nobody reads any more. Rejects where it can't be written. */
  readonly result: (line: string) => Promise<boolean>;
  readonly say: (line: string) => void;
}

const ENDS_WITHIN_MS = 20_000;

/**
 * Builds the context, and makes the first signal abort it. A second one does what a signal does to any program, and so
 * does the first when the command has not ended twenty seconds later: `process.exit` would wait for LMDB's threads, which
 * may wait for this one.
 */
export function createContext(config: Config): Context {
  const stopping = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    stopping.abort();
    setTimeout(() => process.kill(process.pid, signal), ENDS_WITHIN_MS).unref();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    config,
    clock: asyncScheduler,
    signal: stopping.signal,
    owner: `${hostname()}:${process.pid}`,
    out: {
      isTerminal: process.stderr.isTTY,
      result: (line) => standardOutput.write(line),
      say: (line) => void process.stderr.write(`${line}\n`),
    },
  };
}
