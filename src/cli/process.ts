import { sleepOn } from '../streams/clock/sleep.ts';
import { StageProgress } from '../streams/task/stage-progress.ts';
import type { Context } from './context.ts';
import { readCounts } from './counts.ts';
import { type NamespaceLog, openToWrite } from './namespace-log.ts';
import { openState, startProcessing } from './stages.ts';
import { startWorkers } from './workers/worker-pool.ts';

export interface ProcessOptions {
  readonly untilCaughtUp: boolean;
  /** Threads that share the partitions; 1 works in the main thread. */
  readonly workers: number;
}

/** Stages at work somewhere in this process. */
interface AtWork {
  readonly halted: Promise<never>;
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 20;

/** `pulse process`: stages 1 and 2, until stopped, or until everything that the log holds is processed. */
export async function processCommand(context: Context, options: ProcessOptions): Promise<void> {
  const opened = await openToWrite(context);
  try {
    const atWork = await startWork(context, opened, options);
    try {
      await Promise.race([atWork.halted, untilDone(context, opened, options)]);
    } finally {
      await atWork.stop();
    }
    await sayCounts(context, opened);
  } finally {
    await opened.log.close();
  }
}

async function startWork(context: Context, opened: NamespaceLog, { workers }: ProcessOptions): Promise<AtWork> {
  const useful = Math.min(workers, opened.partitions);
  if (useful <= 1) return startProcessing(context, opened);
  // State of something else is discarded here, before several threads have it open.
  await (await openState(context, opened.log)).close();
  return startWorkers(context.config, useful, context.out.say);
}

async function untilDone(context: Context, opened: NamespaceLog, options: ProcessOptions): Promise<void> {
  const { signal, clock, out } = context;
  const sleep = sleepOn(clock);
  if (!options.untilCaughtUp) {
    out.say('processing; Ctrl-C ends');
    return sleep(2 ** 31 - 1, signal);
  }
  const { log, names, partitions } = opened;
  const flow = [
    { name: 'combine', input: names.markets },
    { name: 'maintain', input: names.partials },
  ];
  const progress = new StageProgress(log, names.positions, flow, partitions);
  while (!signal.aborted && !(await progress.caughtUp())) await sleep(LOOK_EVERY_MS, signal);
}

async function sayCounts({ out }: Context, opened: NamespaceLog): Promise<void> {
  const { records, ticks, noQuote, deadLetters } = await readCounts(opened);
  out.say(
    `${records} records in = ${ticks} ticks + ${noQuote} without a quote + ${deadLetters} dead letters` +
      (records === ticks + noQuote + deadLetters ? '' : ': THESE DO NOT ADD UP'),
  );
}
