import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { PulseError } from '../../errors.ts';
import { readReplay, writeReplay } from '../../streams/replay/claim-replay.ts';
import type { FrozenInput } from '../../streams/replay/frozen-input.ts';
import { isPending, readPromotion, writePromotion } from '../../streams/replay/promotion-record.ts';
import type { Log } from '../../streams/log/log.ts';
import { topicNames } from '../../streams/topics.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { type NamespaceLog, openToRead, openToWrite } from '../namespace-log.ts';
import { refuseWhileShared } from '../refuse-while-shared.ts';
import { clippedTo, frozenNow } from './clip-input.ts';
import { openReplay } from './open-replay.ts';
import { rebuild } from './rebuild.ts';
import { namespaceText, targetContext } from './replay-contexts.ts';
import { createReplayMeter } from './replay-meter.ts';
import { workUntil } from './work-until.ts';

/**
 * `pulse replay promote`: the rebuilt tables take the live ones' place. Nobody else may be at work on the live namespace; what
 * was begun is finished by this command, or by whatever runs the stages next.
 *
 * ```
 *  live    stage 1 to an end E ─────────────┐                 ┌─ stage 2: rows that differ, tombstones ─ on from there
 *  replay               stages on to E ─────┴─ asked for in pulse.positions, with where the partials of these quotes end
 * ```
 *
 * Stage 2 leaves out what it has not got to by then: the rebuilt tables hold it. So nothing depends on what the live tables
 * say, nor on whether their changelog can be read.
 */
export async function promoteCommand(live: Context, namespace: string): Promise<void> {
  if (await promote(live, namespace)) return;
  live.out.say('stopped before the end; the same command goes on from there');
  process.exitCode = exitCodes.unfinished;
}

/** Promotes, or goes on with it; false where it was stopped before the end. */
export async function promote(live: Context, namespace: string): Promise<boolean> {
  const target = targetContext(live, namespace);
  const held = await refuseOther(live, target);
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
    if (!isAsked && !(await askFor(live, opened, target))) return false;
    if (!(await untilPromoted(live, opened))) return false;
    live.out.say(`${namespaceText(namespace)} is promoted: the tables are as rebuilt`);
    return true;
  } finally {
    await opened.log.close();
  }
}

/** Rejects where the namespace holds no replay of these quotes, or one of half of them, before anything is done or made. */
async function refuseOther(live: Context, target: Context): Promise<FrozenInput> {
  const log = await openToRead(target);
  try {
    return await heldReplay(live, target, log);
  } finally {
    await log.close();
  }
}

async function heldReplay(live: Context, { config }: Context, log: Log): Promise<FrozenInput> {
  const { namespace } = config.settings;
  const found = await readReplay(log, topicNames(namespace).positions);
  if (found === undefined)
    throw new PulseError('wrong-namespace-kind', `${namespaceText(namespace)} holds no replay: pulse replay makes one`);
  if (found.of !== live.config.settings.namespace)
    throw new PulseError(
      'wrong-namespace-kind',
      `${namespaceText(namespace)} holds a replay of ${namespaceText(found.of)}: it can be promoted into that alone`,
    );
  // The rows of quotes that it could not read would be taken for rows that nobody computed, and removed.
  if (found.ranges.every(({ start }) => start === 0)) return found;
  throw new PulseError(
    'history-incomplete',
    `${namespaceText(namespace)} lacks what ${found.topic} had shed: promoted, it would remove the rows of those quotes`,
  );
}

/** Brings the partials and the replay to the same quotes, and asks for the promotion; false where it was stopped before. */
async function askFor(live: Context, opened: NamespaceLog, target: Context): Promise<boolean> {
  const { log, names } = opened;
  const end = await frozenNow(live, opened);
  live.out.say(`${namespaceText(live.config.settings.namespace)} first processes what it holds`);
  const clipped = await clippedTo(live, opened, end);
  if (!(await workUntil(live, clipped, ({ stages }) => stages.caughtUp(), { only: 'combine' }))) return false;
  const meter = createReplayMeter(live.out, false);
  const replay = await openReplay({ live, liveLog: log, target }, async (own) => {
    const found = await heldReplay(live, target, own.log);
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
  const bounds = end.ranges.map((_, partition) => log.bounds({ topic: names.partials, partition }));
  const positions = (await Promise.all(bounds)).map((partials) => partials.end);
  const { namespace } = target.config.settings;
  await writePromotion(log, names, { id: randomUUID(), namespace, begunAt, positions });
  return true;
}

/** Runs the live stages, but on no quote more, until every partition of stage 2 is as rebuilt. */
async function untilPromoted(live: Context, opened: NamespaceLog): Promise<boolean> {
  const { log, names } = opened;
  const clipped = await clippedTo(live, opened, await frozenNow(live, opened));
  let said = -1;
  return workUntil(live, clipped, async () => {
    const progress = await readPromotion(log, names);
    if (progress === undefined) return true;
    if (progress.done.length !== said)
      live.out.say(`${progress.done.length} of ${progress.positions.length} partitions`);
    said = progress.done.length;
    return !isPending(progress);
  });
}
