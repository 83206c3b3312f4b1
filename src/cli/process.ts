import { sleepOn } from '../streams/clock/sleep.ts';
import type { Context } from './context.ts';
import { type NamespaceLog, openToWrite } from './namespace-log.ts';
import { readCounts } from './counts.ts';
import { type Processing, startProcessing } from './stages.ts';

export interface ProcessOptions {
  readonly untilCaughtUp: boolean;
}

const LOOK_EVERY_MS = 20;

/** `pulse process`: stages 1 and 2, until stopped, or until everything that the log holds is processed. */
export async function processCommand(context: Context, options: ProcessOptions): Promise<void> {
  const opened = await openToWrite(context);
  try {
    const processing = await startProcessing(context, opened);
    try {
      await Promise.race([processing.halted, work(context, processing, options)]);
    } finally {
      await processing.stop();
    }
    await sayCounts(context, opened);
  } finally {
    await opened.log.close();
  }
}

async function work({ signal, clock, out }: Context, { stages }: Processing, options: ProcessOptions): Promise<void> {
  const sleep = sleepOn(clock);
  if (!options.untilCaughtUp) {
    out.say('processing; Ctrl-C ends');
    return sleep(2 ** 31 - 1, signal);
  }
  while (!signal.aborted && !(await stages.caughtUp())) await sleep(LOOK_EVERY_MS, signal);
}

async function sayCounts({ out }: Context, opened: NamespaceLog): Promise<void> {
  const { records, ticks, noQuote, deadLetters } = await readCounts(opened);
  out.say(
    `${records} records in = ${ticks} ticks + ${noQuote} without a quote + ${deadLetters} dead letters` +
      (records === ticks + noQuote + deadLetters ? '' : ': THESE DO NOT ADD UP'),
  );
}
