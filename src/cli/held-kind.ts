import { z } from 'zod';
import type { NamespaceKind } from '../streams/task/reports.ts';
import { readPositions } from '../streams/task/positions.ts';
import { inNamespace, topics } from '../streams/topics.ts';
import type { Context } from './context.ts';
import { mayHaveLog, openToRead } from './namespace-log.ts';

const claim = z.object({ kind: z.enum(['observed', 'played']) });

/** What kind of quotes the namespace holds; undefined where nothing was ever ingested. */
export async function heldKind(context: Context): Promise<NamespaceKind | undefined> {
  if (!mayHaveLog(context)) return undefined;
  const log = await openToRead(context);
  try {
    const positions = inNamespace(context.config.settings.namespace, topics.positions.name);
    if ((await log.topics.describe(positions)) === undefined) return undefined;
    return claim.safeParse((await readPositions(log, positions, 0)).get('namespace')).data?.kind;
  } finally {
    await log.close();
  }
}
