import process from 'node:process';
import { counted } from '../counted.ts';
import type { Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { openToRead } from './namespace-log.ts';
import { refuseDemo } from './refuse-demo.ts';
import { runSinks, type TableOutcome } from './sinks.ts';

export interface SinkOptions {
  readonly untilCaughtUp: boolean;
}

/** `pulse sink`: the lake's tables, until stopped, or until they hold everything that the log does. */
export async function sinkCommand(context: Context, { untilCaughtUp }: SinkOptions): Promise<void> {
  refuseDemo(context);
  const { signal, out } = context;
  const log = await openToRead(context);
  try {
    if (!untilCaughtUp) out.say('writing the lake; Ctrl-C ends');
    for (const outcome of await runSinks(context, log, untilCaughtUp)) out.say(textOf(outcome));
  } finally {
    await log.close();
  }
  if (!untilCaughtUp || !signal.aborted) return;
  out.say('stopped before everything was written; the same command goes on from there');
  process.exitCode = exitCodes.unfinished;
}

function textOf({ table, rows, version, waitsFor }: TableOutcome): string {
  const written = rows === 0 ? 'nothing new' : `${counted(rows, 'row')} written`;
  if (waitsFor === undefined) return `${table}: ${written}, version ${version}`;
  return `${table}: ${rows === 0 ? 'nothing written' : written}; it still waits, and its topic holds the rest`;
}
