import { counted } from '../../counted.ts';
import { findUnreadable } from './find-unreadable.ts';
import { promoteHours, type PromoteOptions } from './promote-hours.ts';
import type { Promotion } from './rebuilt-hours.ts';
import { type ReconcileOptions, reconcileDeclarations } from './reconcile-declarations.ts';
import { restoreHours, type RestoreOptions } from './restore-hours.ts';
import { forgetUnreadable, rewriteUnreadable } from './rewrite-unreadable.ts';
import { changelogUnreadable, type UnreadableRow } from './unreadable-rows.ts';

export interface RecoverOptions
  extends RestoreOptions, Omit<ReconcileOptions, 'why'>, Omit<PromoteOptions, 'promotion'> {
  /** Rebuilt tables that this partition's have not become yet; undefined where there are none. */
  readonly promotion: Promotion | undefined;
  /** What to do about rows of the changelog that can't be read: nothing is processed, or it goes on without them. */
  readonly onUnreadable: 'halt' | 'drop';
  /** Why the published rows have to be compared with those of today in any case; undefined where they don't. */
  readonly why: string | undefined;
}

/**
 * Brings one partition of stage 2, topics and state, to where processing can begin; whether anything was published. Rejects with
 * `changelog-unreadable` where rows can't be read that nothing stands in for: an hour that is taken for a new one while it
 * is not would be published as one.
 */
export async function recoverHours(options: RecoverOptions): Promise<boolean> {
  const { names, partition, promotion, onUnreadable, signal } = options;
  const lost = await restoreHours(options);
  if (signal.aborted) return false;
  if (promotion !== undefined) return promoteOver({ ...options, promotion }, lost);
  if (onUnreadable === 'drop') return dropUnreadable(options, lost);
  if (lost.length > 0) throw changelogUnreadable(names.prices, partition, lost);
  if (options.why === undefined) return false;
  await reconcileDeclarations({ ...options, why: options.why });
  return true;
}

/** What is rebuilt takes the place of the tables, of rows that can't be read as well. */
async function promoteOver(
  options: RecoverOptions & { readonly promotion: Promotion },
  lost: readonly UnreadableRow[],
): Promise<boolean> {
  const { names, partition, onNotice, signal } = options;
  const unreadable = await findUnreadable(options);
  if (unreadable.length > 0)
    onNotice(
      `${counted(unreadable.length, 'row')} of ${names.prices}[${partition}] can't be read: what is rebuilt takes their place`,
    );
  await forgetUnreadable(options, lost);
  // At first: what is published next moves what is applied beyond them.
  await rewriteUnreadable(options, unreadable);
  await promoteHours(options);
  if (!signal.aborted) await reconcileDeclarations({ ...options, why: 'the rebuilt tables were promoted' });
  return true;
}

/** Does without the rows that were not in state, and writes those anew that were. */
async function dropUnreadable(options: RecoverOptions, lost: readonly UnreadableRow[]): Promise<boolean> {
  const { names, partition, signal } = options;
  const unreadable = await findUnreadable(options);
  const gone = `${counted(lost.length, 'row')} of ${names.prices}[${partition}] that could not be read ${lost.length === 1 ? 'is' : 'are'} removed`;
  const why = lost.length > 0 ? gone : options.why;
  await forgetUnreadable(options, lost);
  if (why !== undefined) await reconcileDeclarations({ ...options, why, appliedAtMost: lost[0]?.offset });
  // Only now: until Gold says the same, they have to be found again.
  if (!signal.aborted) await rewriteUnreadable(options, unreadable);
  return why !== undefined || unreadable.length > 0;
}
