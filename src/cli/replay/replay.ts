import process from 'node:process';
import { counted } from '../../counted.ts';
import type { SinkSpec } from '../../streams/5-lake/sink/sink-session.ts';
import { bronzeTable } from '../../streams/5-lake/tables.ts';
import type { ReplaySource } from '../../streams/replay/replay-sources.ts';
import type { Context } from '../context.ts';
import { readCounts } from '../counts.ts';
import { exitCodes } from '../exit-codes.ts';
import { openToRead } from '../namespace-log.ts';
import { runSinks } from '../sinks.ts';
import { claimInput } from './claim-input.ts';
import { diffNamespaces } from './diff.ts';
import { emptyForReplay } from './empty-for-replay.ts';
import { type OpenedReplay, openReplay } from './open-replay.ts';
import { rebuild } from './rebuild.ts';
import { refuseReplayed } from './refuse-replayed.ts';
import { namespaceText, refuseRebuildNamespace, replayNamespace, targetContext } from './replay-contexts.ts';
import { replayStatus } from './replay-status.ts';
import { createReplayMeter, type ReplayMeter } from './replay-meter.ts';

export interface ReplayOptions {
  readonly from: ReplaySource;
  /** Where the rebuilt tables go. */
  readonly namespace?: string;
  /** Removes what the namespace holds first, so that the end is frozen anew. */
  readonly again: boolean;
  readonly lake: boolean;
  readonly diff: boolean;
  readonly json: boolean;
  /** Says how far it is, and does nothing. */
  readonly status: boolean;
}

/** `pulse replay`: every table from the quotes that there are, in a namespace of its own; interrupted, it goes on. */
export async function replayCommand(live: Context, options: ReplayOptions): Promise<void> {
  const target = targetContext(live, options.namespace ?? replayNamespace(live.config.settings.namespace));
  if (options.status) return replayStatus(live, target, options.json);
  refuseRebuildNamespace(live, target);
  const meter = createReplayMeter(live.out, options.json);
  const isDone = await replayTables(live, target, options, meter);
  if (!isDone) {
    meter.say('stopped before the end; the same command goes on from there');
    process.exitCode = exitCodes.unfinished;
  } else if (options.diff) await diffNamespaces(live, target, options);
}

/** Replays every table, or goes on with it; whether everything was done: a signal stops it in between. */
export async function replayTables(
  live: Context,
  target: Context,
  options: Pick<ReplayOptions, 'from' | 'again' | 'lake'>,
  meter: ReplayMeter,
): Promise<boolean> {
  const liveLog = await openToRead(live);
  try {
    await refuseReplayed(live, liveLog);
    if (options.again) await emptyForReplay(live, liveLog, target);
    const wish = { live, liveLog, target };
    const replay = await openReplay(wish, claimInput(wish, options.from));
    try {
      const { input } = replay;
      const goal = `${input.topic} into ${namespaceText(target.config.settings.namespace)}`;
      meter.say(
        `replaying ${goal}${input.finishedAt === null ? '' : ': it was finished before, --again starts afresh'}`,
      );
      if (input.source !== options.from)
        meter.say(`it was begun with --from ${input.source}, and goes on so; --again starts afresh`);
      if (!(await rebuild(replay, meter))) return false;
      if (options.lake) await writeLake(replay, meter);
      await sayCounts(replay, meter);
      return !live.signal.aborted;
    } finally {
      meter.end();
      await replay.close();
    }
  } finally {
    await liveLog.close();
  }
}

const isRebuilt = ({ table }: SinkSpec): boolean => table !== bronzeTable;

/** Without Bronze, which is the live namespace's: the replay reads it, and has nothing to add. */
async function writeLake({ target, opened }: OpenedReplay, meter: ReplayMeter): Promise<void> {
  for (const { table, rows, version } of await runSinks(target, opened.log, true, isRebuilt))
    meter.say(`${table}: ${counted(rows, 'row')} written, version ${version}`);
}

async function sayCounts({ opened }: OpenedReplay, meter: ReplayMeter): Promise<void> {
  const { records, ticks, noQuote, deadLetters } = await readCounts(opened);
  meter.say(`${records} records in = ${ticks} ticks + ${noQuote} without a quote + ${deadLetters} dead letters`);
}
