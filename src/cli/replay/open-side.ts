import { PulseError } from '../../errors.ts';
import type { DiffSide } from '../../streams/replay/diff/side-rows.ts';
import { topicNames } from '../../streams/topics.ts';
import type { Context } from '../context.ts';
import { mayHaveLog, openToRead, partitionsMade } from '../namespace-log.ts';
import { openRows } from '../open-rows.ts';
import { namespacesThere } from './namespaces-there.ts';
import { namespaceText } from './replay-contexts.ts';

/** Opens the namespace's tables to compare them; its log is to be closed. Rejects with `unknown-topic` where it has none. */
export async function openSide(context: Context): Promise<DiffSide> {
  if (!mayHaveLog(context)) throw await noTables(context);
  const log = await openToRead(context);
  const { namespace } = context.config.settings;
  const partitions = await partitionsMade(context, log);
  if (partitions === undefined) {
    await log.close();
    throw await noTables(context);
  }
  return { log, names: topicNames(namespace), partitions, rows: await openRows(context) };
}

/** That there is nothing to compare, and where there is. */
async function noTables(context: Context): Promise<PulseError> {
  const there = [...(await namespacesThere(context))].sort().map((name) => name || 'the default one (.)');
  const found = there.length === 0 ? 'there is no namespace yet' : `there are: ${there.join(', ')}`;
  return new PulseError('unknown-topic', `${namespaceText(context.config.settings.namespace)} has no tables; ${found}`);
}
