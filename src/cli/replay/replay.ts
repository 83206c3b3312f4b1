import process from 'node:process';
import type { SinkSpec } from '../../streams/5-lake/sink/sink-session.ts';
import { bronzeTable } from '../../streams/5-lake/tables.ts';
import { sleepOn } from '../../streams/clock/sleep.ts';
import { combineShape } from '../../streams/stages/flow.ts';
import { finishReplay } from '../../streams/replay/claim-replay.ts';
import type { ReplaySource } from '../../streams/replay/replay-sources.ts';
import { type ReplayFigures, ReplayProgress } from '../../streams/replay/replay-progress.ts';
import { formatRfc3339 } from '../../streams/rfc3339.ts';
import type { Context } from '../context.ts';
import { readCounts } from '../counts.ts';
import { exitCodes } from '../exit-codes.ts';
import { resetNamespace } from '../reset.ts';
import { runSinks } from '../sinks.ts';
import { type Processing, startProcessing } from '../stages.ts';
import { diffNamespaces } from './diff.ts';
import { type OpenedReplay, openReplay } from './open-replay.ts';
import { namespaceText, replayNamespace, targetContext } from './replay-contexts.ts';
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
}

const LOOK_EVERY_MS = 100;

/** `pulse replay`: every table from the quotes that there are, in a namespace of its own; interrupted, it goes on. */
export async function replayCommand(live: Context, options: ReplayOptions): Promise<void> {
  const of = live.config.settings.namespace;
  const target = targetContext(live, options.namespace ?? replayNamespace(of));
  if (options.again) await resetNamespace(target);
  const replay = await openReplay(live, target, options.from);
  const meter = createReplayMeter(live.out, options.json);
  try {
    if (!(await rebuild(replay, meter))) return void leaveOff(meter);
    if (options.lake) await writeLake(replay, meter);
    await sayCounts(replay, meter);
  } finally {
    meter.end();
    await replay.close();
  }
  if (options.diff && !live.signal.aborted) await diffNamespaces(live, replay.target, options);
}

/** Whether everything up to the frozen end is processed. */
async function rebuild(replay: OpenedReplay, meter: ReplayMeter): Promise<boolean> {
  const { target, opened, input } = replay;
  const { namespace } = target.config.settings;
  const goal = `${input.topic} into ${namespaceText(namespace)}`;
  meter.say(`replaying ${goal}${input.finishedAt === null ? '' : ': it was finished before, --again starts afresh'}`);
  const processing = await startProcessing(target, opened);
  let isDone: boolean;
  try {
    isDone = await Promise.race([processing.halted, untilDone(replay, processing, meter)]);
  } finally {
    await processing.stop();
  }
  if (isDone && input.finishedAt === null)
    await finishReplay(opened.log, opened.names.positions, {
      ...input,
      finishedAt: formatRfc3339(target.clock.now()),
    });
  return isDone;
}

async function untilDone(replay: OpenedReplay, { stages }: Processing, meter: ReplayMeter): Promise<boolean> {
  const { target, opened, input } = replay;
  const { signal, clock } = target;
  const sleep = sleepOn(clock);
  const progress = new ReplayProgress(input.ranges);
  const { name } = combineShape(opened.names);
  const look = (): ReplayFigures => {
    const positions: number[] = [];
    for (const { stage, partition, task } of stages.slots()) if (stage === name) positions[partition] = task.committed;
    return progress.look(clock.now(), positions, replay.reached());
  };
  while (!signal.aborted) {
    meter.show(look());
    if (await stages.caughtUp()) {
      meter.show(look());
      return true;
    }
    await sleep(LOOK_EVERY_MS, signal);
  }
  return false;
}

const isRebuilt = ({ table }: SinkSpec): boolean => table !== bronzeTable;

/** Without Bronze, which is the live namespace's: the replay reads it, and has nothing to add. */
async function writeLake({ target, opened }: OpenedReplay, meter: ReplayMeter): Promise<void> {
  for (const { table, rows, version } of await runSinks(target, opened.log, true, isRebuilt))
    meter.say(`${table}: ${rows} rows written, version ${version}`);
}

async function sayCounts({ opened }: OpenedReplay, meter: ReplayMeter): Promise<void> {
  const { records, ticks, noQuote, deadLetters } = await readCounts(opened);
  meter.say(`${records} records in = ${ticks} ticks + ${noQuote} without a quote + ${deadLetters} dead letters`);
}

function leaveOff(meter: ReplayMeter): void {
  meter.say('stopped before the end; the same command goes on from there');
  process.exitCode = exitCodes.unfinished;
}
