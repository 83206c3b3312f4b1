import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { PulseError } from '../../errors.ts';
import { writeReplay } from '../../streams/replay/claim-replay.ts';
import { isPending, readPromotion, withdrawPromotion, writePromotion } from '../../streams/replay/promotion-record.ts';
import { maintainShape } from '../../streams/stages/flow.ts';
import { readStagePosition } from '../../streams/task/positions.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { type NamespaceLog, openToWrite } from '../namespace-log.ts';
import { refuseWhileShared } from '../refuse-while-shared.ts';
import { clippedTo, frozenNow } from './clip-input.ts';
import { diffNamespaces } from './diff.ts';
import { heldReplay, lookForReplay } from './held-replay.ts';
import { openReplay } from './open-replay.ts';
import { rebuild } from './rebuild.ts';
import { namespaceText, targetContext } from './replay-contexts.ts';
import { createReplayMeter } from './replay-meter.ts';
import { workUntil } from './work-until.ts';

export interface PromoteOptions {
  /** Progress as JSON, an object a line. */
  readonly json: boolean;
  /** Compares the tables when it is done; exit 1 on a difference. */
  readonly diff: boolean;
}

/**
 * `pulse replay promote`: the rebuilt tables take the live ones' place. Nobody else may be at work on the live namespace; what
 * was begun is finished by this command, or by whatever runs the stages next.
 *
 * ```
 *  live    stages to an end E ──────────────┐                 ┌─ stage 2: rows that differ, tombstones ─ done
 *  replay               stages on to E ─────┴─ both of the same quotes: asked for in pulse.positions
 * ```
 */
export async function promoteCommand(live: Context, namespace: string, options: PromoteOptions): Promise<void> {
  const target = targetContext(live, namespace);
  if (!(await promoteAll(live, target, options))) {
    live.out.say('stopped before the end; the same command goes on from there');
    process.exitCode = exitCodes.unfinished;
    return;
  }
  live.out.say(`${namespaceText(namespace)} is promoted: the tables are as rebuilt`);
  if (options.diff) await diffNamespaces(live, target, options);
}

/** Whether everything was done: a signal stops it in between. */
async function promoteAll(live: Context, target: Context, { json }: PromoteOptions): Promise<boolean> {
  const { namespace } = target.config.settings;
  const held = await lookForReplay(live, target);
  await refuseWhileShared(live);
  const opened = await openToWrite(live);
  try {
    const under = await readPromotion(opened.log, opened.names);
    if (under !== undefined && isPending(under) && under.namespace !== namespace)
      throw new PulseError(
        'usage',
        `${namespaceText(under.namespace)} is being promoted: finish that first, with pulse replay promote ${under.namespace}`,
      );
    const isAsked = under !== undefined && isPending(under) && under.begunAt === held.startedAt;
    // The live stages would wait for a replay that is gone.
    if (under !== undefined && isPending(under) && !isAsked) await withdrawPromotion(opened.log, opened.names);
    if (!isAsked && !(await askFor(live, opened, target, json))) return false;
    return await untilPromoted(live, opened, json);
  } finally {
    await opened.log.close();
  }
}

/** Brings both namespaces to the same quotes, and asks for the promotion; false where it was stopped before. */
async function askFor(live: Context, opened: NamespaceLog, target: Context, json: boolean): Promise<boolean> {
  const { log, names } = opened;
  const end = await frozenNow(live, opened);
  live.out.say(`${namespaceText(live.config.settings.namespace)} first processes what it holds`);
  if (!(await workUntil(live, await clippedTo(live, opened, end), ({ stages }) => stages.caughtUp()))) return false;
  const meter = createReplayMeter(live.out, json);
  const replay = await openReplay({ live, liveLog: log, target }, async (own) => {
    const found = await heldReplay(live, log, target, own.log);
    const ranges = found.ranges.map(({ start }, partition) => ({ start, end: end.ranges[partition]?.end ?? start }));
    const further = { ...found, ranges, finishedAt: null };
    await writeReplay(own.log, own.names.positions, further);
    return further;
  });
  const { startedAt: begunAt } = replay.input;
  try {
    if (!(await rebuild(replay, meter))) return false;
  } finally {
    meter.end();
    await replay.close();
  }
  const { name, input: topic } = maintainShape(names);
  const positions = await Promise.all(
    end.ranges.map(async (_, partition) => {
      const position = await readStagePosition(log, names.positions, name, { topic, partition });
      return position?.offset ?? 0;
    }),
  );
  const { namespace } = target.config.settings;
  await writePromotion(log, names, { id: randomUUID(), namespace, begunAt, positions });
  return true;
}

/** Runs the live stages, but on no quote more, until every partition of stage 2 is as rebuilt. */
async function untilPromoted(live: Context, opened: NamespaceLog, json: boolean): Promise<boolean> {
  const { log, names } = opened;
  const clipped = await clippedTo(live, opened, await frozenNow(live, opened));
  let said = -1;
  return workUntil(live, clipped, async () => {
    const progress = await readPromotion(log, names);
    if (progress === undefined) return true;
    const [done, partitions] = [progress.done.length, progress.positions.length];
    if (done !== said && json)
      await live.out.result(JSON.stringify({ kind: 'promotion', namespace: progress.namespace, done, partitions }));
    else if (done !== said) live.out.say(`${done} of ${partitions} partitions`);
    said = done;
    return !isPending(progress);
  });
}
