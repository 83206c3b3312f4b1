import { asyncScheduler } from 'rxjs';
import type { Context } from '../../src/cli/context.ts';
import { ingestCommand } from '../../src/cli/ingest.ts';
import { processCommand } from '../../src/cli/process.ts';
import { loadConfig } from '../../src/config.ts';

/*
 * Commands run in this process: as a user's, but for the second that a process of its own takes. For what a test needs
 * after the command that it is about. (Not before: the fingerprint of the features' code, as this process has it, is
 * another one, and the next command would say so.)
 */

/** `pulse ingest --source recorded` and `pulse process --until-caught-up`. */
export async function ingestAndProcess(folder: string, file: string, namespace = ''): Promise<void> {
  const options = {
    source: 'recorded',
    file,
    speed: 'max',
    again: false,
    seed: '1',
    coins: 1,
    skew: 0,
    spread: false,
  } as const;
  await ingestCommand(contextIn(folder, namespace), options);
  await processAll(folder, namespace);
}

/** `pulse process --until-caught-up`. */
export const processAll = (folder: string, namespace = ''): Promise<void> =>
  processCommand(contextIn(folder, namespace), {
    untilCaughtUp: true,
    rebuild: false,
    dropUnreadable: false,
    workers: 1,
  });

const contextIn = (folder: string, namespace: string): Context => ({
  config: loadConfig({ environment: { PULSE_DATA_DIR: folder, PULSE_NAMESPACE: namespace } }),
  clock: asyncScheduler,
  signal: new AbortController().signal,
  owner: 'test',
  out: { isTerminal: false, result: () => Promise.resolve(true), say: () => undefined },
});
