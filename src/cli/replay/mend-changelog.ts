import { counted } from '../../counted.ts';
import { PulseError } from '../../errors.ts';
import { isPending, readPromotion } from '../../streams/replay/promotion-record.ts';
import { findUnreadable } from '../../streams/stages/find-unreadable.ts';
import { maintainShape } from '../../streams/stages/flow.ts';
import { type UnreadableRow, unreadableText } from '../../streams/stages/unreadable-rows.ts';
import { topicNames } from '../../streams/topics.ts';
import type { Context } from '../context.ts';
import { mayHaveLog, openToRead, openToWrite, partitionsMade } from '../namespace-log.ts';
import { openRows } from '../open-rows.ts';
import { refuseWhileShared } from '../refuse-while-shared.ts';
import { resetNamespace } from '../reset.ts';
import { promote } from './promote.ts';
import { replayTables } from './replay.ts';
import { inOtherNamespace, rebuildNamespace } from './replay-contexts.ts';
import { createReplayMeter } from './replay-meter.ts';
import { workUntil } from './work-until.ts';

export interface MendOptions {
  /** What can be had from nowhere any more is removed. */
  readonly dropUnreadable: boolean;
}

/** How many rows are named; where it is more, something else than a row is damaged. */
const NAMED = 1_000;

/**
 * Makes a changelog that can't be read one that can: replays every quote into a namespace beside this one, and promotes what comes of
 * it; that namespace is removed then. False where it was stopped before the end: calling it again goes on, or begins anew. Nothing is
 * done where every row can be read. State is not asked, and not changed where nothing can be done.
 *
 * Rejects with `history-incomplete` where quotes are kept nowhere any more: with `dropUnreadable` the rows are removed then, and
 * what follows from them.
 */
export async function mendChangelog(live: Context, { dropUnreadable }: MendOptions): Promise<boolean> {
  const target = inOtherNamespace(live, rebuildNamespace(live.config.settings.namespace));
  const { unreadable, promoting } = await lookAt(live);
  if (promoting !== undefined && promoting !== target.config.settings.namespace) return true;
  if (promoting === undefined && unreadable.length === 0) return true;
  // Before anything is written, also beside this namespace.
  await refuseWhileShared(live);
  for (const row of unreadable.slice(0, NAMED)) live.out.say(`can't be read: ${lineOf(live, row)}`);
  if (unreadable.length > NAMED) live.out.say(`and ${counted(unreadable.length - NAMED, 'more row')}`);
  try {
    if (!(await recompute(live, target, promoting === undefined))) return false;
    if (!(await promote(live, target.config.settings.namespace, { json: false }))) return false;
  } catch (error) {
    if (!(error instanceof PulseError && error.code === 'history-incomplete') || promoting !== undefined) throw error;
    await resetNamespace(target);
    if (!dropUnreadable) throw incomplete(error, unreadable);
    return drop(live, error);
  }
  await resetNamespace(target);
  return true;
}

/** The rows that can't be read, and the namespace that is being promoted, which stands in for them. */
async function lookAt(
  live: Context,
): Promise<{ readonly unreadable: readonly UnreadableRow[]; readonly promoting: string | undefined }> {
  if (!mayHaveLog(live)) return { unreadable: [], promoting: undefined };
  const log = await openToRead(live);
  try {
    const names = topicNames(live.config.settings.namespace);
    const promotion = await readPromotion(log, names);
    const promoting = promotion !== undefined && isPending(promotion) ? promotion.namespace : undefined;
    const rows = await openRows(live);
    const partitions = (await partitionsMade(live, log)) ?? 0;
    const unreadable: UnreadableRow[] = [];
    for (let partition = 0; partition < partitions; partition++)
      unreadable.push(...(await findUnreadable({ log, names, rows, partition })));
    return { unreadable, promoting };
  } finally {
    await log.close();
  }
}

/** What is being promoted is gone on with; where it is gone itself, another one takes its place. */
async function recompute(live: Context, target: Context, again: boolean): Promise<boolean> {
  live.out.say('every quote is processed anew, beside the tables, which become what comes of it');
  const meter = createReplayMeter(live.out, false);
  return replayTables(live, target, { from: 'earliest', again, lake: false }, meter);
}

/** Lets stage 2 of every partition do without the rows. */
async function drop(live: Context, { message }: PulseError): Promise<boolean> {
  live.out.say(`the rows that can't be read are removed, for ${message}`);
  const opened = await openToWrite(live);
  try {
    const { name } = maintainShape(opened.names);
    return await workUntil(
      live,
      opened,
      ({ stages }) => {
        const slots = stages.slots().filter(({ stage }) => stage === name);
        return Promise.resolve(slots.length === opened.partitions && slots.every(({ task }) => task.isAtWork));
      },
      { onUnreadable: 'drop' },
    );
  } finally {
    await opened.log.close();
  }
}

const lineOf = ({ config }: Context, row: UnreadableRow): string =>
  `${topicNames(config.settings.namespace).prices}[${row.partition}] ${unreadableText(row)}`;

const incomplete = ({ message, ...cause }: PulseError, rows: readonly UnreadableRow[]): PulseError =>
  new PulseError(
    'history-incomplete',
    `${counted(rows.length, 'row')} of the changelog can't be read, as said above, nor computed anew: ${message.replace(/; --from.*/, '')}. ` +
      'Nothing was changed. Restore the log or Bronze; or add --drop-unreadable: rows that the state folder holds are written anew ' +
      'then, and the others removed',
    { cause },
  );
