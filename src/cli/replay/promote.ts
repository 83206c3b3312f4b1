import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { PulseError } from '../../errors.ts';
import { writeReplay } from '../../streams/replay/claim-replay.ts';
import { isPending, readPromotion, writePromotion } from '../../streams/replay/promotion-record.ts';
import { formatRfc3339 } from '../../streams/rfc3339.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { type NamespaceLog, openToWrite } from '../namespace-log.ts';
import { refuseWhileShared } from '../refuse-while-shared.ts';
import { clippedTo, frozenNow } from './clip-input.ts';
import { diffNamespaces } from './diff.ts';
import { heldReplay, lookForReplay } from './held-replay.ts';
import { openReplay } from './open-replay.ts';
import { partialsUpTo } from './partials-up-to.ts';
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
 *  live    stage 1 to an end E ─────────────┐                 ┌─ stage 2: rows that differ, tombstones ─ on from there
 *  replay               stages on to E ─────┴─ asked for in pulse.positions, with where the partials of these quotes end
 * ```
 *
 * Stage 2 leaves out what it has not got to by then: the rebuilt tables hold it. So nothing depends on what the live tables
 * say, nor on whether their changelog can be read.
 */
export async function promoteCommand(live: Context, namespace: string, options: PromoteOptions): Promise<void> {
  if (!(await promote(live, namespace, options))) {
    live.out.say('stopped before the end; the same command goes on from there');
    process.exitCode = exitCodes.unfinished;
  } else if (options.diff) await diffNamespaces(live, targetContext(live, namespace), options);
}

/** Promotes, or goes on with it; false where a signal stopped it before the end. */
export async function promote(
  live: Context,
  namespace: string,
  { json }: Pick<PromoteOptions, 'json'>,
): Promise<boolean> {
  const target = targetContext(live, namespace);
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
    const isAsked = under !== undefined && isPending(under) && !under.isOutdated && under.begunAt === held.startedAt;
    if (!isAsked && !(await askFor(live, opened, target, json))) return false;
    if (!(await untilPromoted(live, opened, json))) return false;
    live.out.say(`${namespaceText(namespace)} is promoted: the tables are as rebuilt`);
    return true;
  } finally {
    await opened.log.close();
  }
}

/** Brings both namespaces to the same quotes, and asks for the promotion; false where it was stopped before. */
async function askFor(live: Context, opened: NamespaceLog, target: Context, json: boolean): Promise<boolean> {
  const { log, names } = opened;
  const end = await frozenNow(live, opened);
  live.out.say(`${namespaceText(live.config.settings.namespace)} first processes what it holds`);
  const clipped = await clippedTo(live, opened, end);
  if (!(await workUntil(live, clipped, ({ stages }) => stages.caughtUp(), { only: 'combine' }))) return false;
  const positions = await partialsUpTo(opened, end);
  const meter = createReplayMeter(live.out, json);
  const replay = await openReplay({ live, liveLog: log, target }, async (own) => {
    const found = await heldReplay(live, log, target, own.log);
    const ranges = found.ranges.map(({ start }, partition) => ({ start, end: end.ranges[partition]?.end ?? start }));
    // With more quotes it is another one: with the positions of what was asked for before, these would count twice.
    const further = { ...found, ranges, startedAt: formatRfc3339(live.clock.now()), finishedAt: null };
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
  // Whoever works there by now knows of no promotion.
  await refuseWhileShared(live);
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
