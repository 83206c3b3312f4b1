import { sleepOn } from '../../streams/clock/sleep.ts';
import type { Context } from '../context.ts';
import type { NamespaceLog } from '../namespace-log.ts';
import { type Processing, type ProcessingOptions, startProcessing } from '../stages.ts';

const LOOK_EVERY_MS = 100;

/** Runs the stages until it is done, as `isDone` says each time; false where a signal stopped them before. */
export async function workUntil(
  context: Context,
  opened: NamespaceLog,
  isDone: (processing: Processing) => Promise<boolean>,
  options: ProcessingOptions = {},
): Promise<boolean> {
  const { signal, clock } = context;
  const sleep = sleepOn(clock);
  const processing = await startProcessing(context, opened, options);
  const looked = async (): Promise<boolean> => {
    while (!signal.aborted) {
      if (await isDone(processing)) return true;
      await sleep(LOOK_EVERY_MS, signal);
    }
    return false;
  };
  try {
    return await Promise.race([processing.halted, looked()]);
  } finally {
    await processing.stop();
  }
}
