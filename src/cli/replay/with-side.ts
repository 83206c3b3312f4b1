import { PulseError } from '../../errors.ts';
import type { DiffSide } from '../../streams/replay/diff/side-rows.ts';
import { topicNames } from '../../streams/topics.ts';
import type { Context } from '../context.ts';
import { mayHaveLog, openToRead, partitionsMade } from '../namespace-log.ts';
import { openRows } from '../open-rows.ts';
import { namespacesThere } from './namespaces-there.ts';
import { namespaceText } from './replay-contexts.ts';

/** Opens the namespace's tables to be compared, for as long as that takes. Rejects with `unknown-topic` where it has none. */
export async function withSide(context: Context, compare: (side: DiffSide) => Promise<void>): Promise<void> {
  if (!mayHaveLog(context)) throw await noTables(context);
  const log = await openToRead(context);
  try {
    const partitions = await partitionsMade(context, log);
    if (partitions === undefined) throw await noTables(context);
    const names = topicNames(context.config.settings.namespace);
    await compare({ log, names, partitions, rows: await openRows(context) });
  } finally {
    await log.close();
  }
}

/** That there is nothing to compare, and where there is. */
async function noTables(context: Context): Promise<PulseError> {
  const there = [...(await namespacesThere(context))].sort().map((name) => name || 'the default one (.)');
  const found = there.length === 0 ? 'there is no namespace yet' : `there are: ${there.join(', ')}`;
  return new PulseError('unknown-topic', `${namespaceText(context.config.settings.namespace)} has no tables; ${found}`);
}
