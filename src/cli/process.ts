import process from 'node:process';
import { PulseError } from '../errors.ts';
import { sleepOn } from '../streams/clock/sleep.ts';
import { untilAborted } from '../streams/clock/until-aborted.ts';
import { flow } from '../streams/stages/flow.ts';
import { StageProgress } from '../streams/task/stage-progress.ts';
import type { Context } from './context.ts';
import { refuseDemo } from './refuse-demo.ts';
import { readCounts } from './counts.ts';
import { dropState } from './drop-state.ts';
import { exitCodes } from './exit-codes.ts';
import { type NamespaceLog, openToWrite } from './namespace-log.ts';
import { startWork } from './work.ts';

export interface ProcessOptions {
  readonly untilCaughtUp: boolean;
  /** Throws the state away first: it is read again from its changelog, which is computed anew where it can't be read. */
  readonly rebuild: boolean;
  /** With it: rows of the changelog that can be had from nowhere any more are removed. */
  readonly dropUnreadable: boolean;
  /** Threads that share the partitions; 1 works in the main thread. */
  readonly workers: number;
}

const LOOK_EVERY_MS = 20;

/** `pulse process`: stages 1 and 2, until stopped, or until everything that the log holds is processed. */
export async function processCommand(context: Context, options: ProcessOptions): Promise<void> {
  refuseDemo(context);
  if (options.dropUnreadable && !options.rebuild)
    throw new PulseError(
      'usage',
      '--drop-unreadable goes with --rebuild, which removes only what it can’t compute anew',
    );
  if (options.rebuild && !(await mended(context, options))) return void leaveOff(context);
  const opened = await openToWrite(context);
  try {
    if (options.rebuild) dropState(context);
    const atWork = await startWork(context, opened, options.workers);
    let isDone = false;
    try {
      isDone = await Promise.race([atWork.halted, untilDone(context, opened, options)]);
    } finally {
      await atWork.stop();
    }
    await sayCounts(context, opened);
    if (!isDone) leaveOff(context);
  } finally {
    await opened.log.close();
  }
}

/** Loaded when it is needed: it brings all of replay with it. */
const mended = async (context: Context, options: ProcessOptions): Promise<boolean> =>
  (await import('./replay/mend-changelog.ts')).mendChangelog(context, options);

function leaveOff({ out }: Context): void {
  out.say('stopped before everything was processed; the same command goes on from there');
  process.exitCode = exitCodes.unfinished;
}

/** Whether what was to be done is done: a server that was stopped has no end of its own. */
async function untilDone(context: Context, opened: NamespaceLog, options: ProcessOptions): Promise<boolean> {
  const { signal, clock, out } = context;
  const sleep = sleepOn(clock);
  if (!options.untilCaughtUp) {
    out.say('processing; Ctrl-C ends');
    await untilAborted(signal);
    return true;
  }
  const { log, names, partitions } = opened;
  const progress = new StageProgress(log, names.positions, flow(names), partitions);
  while (!signal.aborted) {
    if (await isCaughtUp(progress)) return true;
    await sleep(LOOK_EVERY_MS, signal);
  }
  return false;
}

/** While the log can't be asked, it is not known to be. */
async function isCaughtUp(progress: StageProgress): Promise<boolean> {
  try {
    return await progress.caughtUp();
  } catch (error) {
    if (error instanceof PulseError && error.remedy === 'retry') return false;
    throw error;
  }
}

async function sayCounts({ out }: Context, opened: NamespaceLog): Promise<void> {
  const { records, ticks, noQuote, deadLetters, underWay } = await readCounts(opened);
  out.say(
    `${records} records in = ${ticks} ticks + ${noQuote} without a quote + ${deadLetters} dead letters` +
      (underWay === 0 ? '' : ` + ${underWay} of hot keys under way`) +
      (records === ticks + noQuote + deadLetters + underWay ? '' : ': THESE DO NOT ADD UP'),
  );
}
