import { PulseError } from '../../errors.ts';
import type { MetaData } from './delta/actions.ts';
import type { LakeTable } from './lake-table.ts';
import { moveAway } from './move-away.ts';

/** The property that names the log whose offsets the table's `txn` actions are. */
const LOG_PROPERTY = 'crypto-pulse.log';

/** The property that says which of the topics of its name they are offsets of: one that is made anew counts from 0 again. */
const TOPIC_PROPERTY = 'crypto-pulse.topic';

/** Where a table's rows come from. */
export interface TableOrigin {
  /** The log's identity. */
  readonly log: string;
  /** The topic's id; undefined where the log gives topics none. */
  readonly topicId: string | undefined;
}

/** A table's properties with where its rows come from; what the log does not say stays as it is. */
export const withOrigin = (
  configuration: MetaData['configuration'],
  { log, topicId }: TableOrigin,
): NonNullable<MetaData['configuration']> => ({
  ...configuration,
  [LOG_PROPERTY]: log,
  ...(topicId !== undefined && { [TOPIC_PROPERTY]: topicId }),
});

/** Throws `table-mismatch` where the table holds rows of another log than that. */
export function refuseOtherLog({ name }: LakeTable, { configuration }: MetaData, log: string): void {
  if (configuration?.[LOG_PROPERTY] === log) return;
  throw new PulseError('table-mismatch', `the table ${name} holds rows of another log: ${moveAway(name)}`);
}

/** Throws `table-mismatch` where the table holds rows of another log, or of a topic that is gone. */
export function refuseOtherOrigin(table: LakeTable, metaData: MetaData, { log, topicId }: TableOrigin): void {
  refuseOtherLog(table, metaData, log);
  const found = metaData.configuration?.[TOPIC_PROPERTY] ?? undefined;
  if (found === undefined || topicId === undefined || found === topicId) return;
  throw madeAnew(table);
}

/** What to throw where the topic is not the one any more that the table's rows are of. */
export function madeAnew({ name }: LakeTable): PulseError {
  const fact = `the table ${name} holds rows of a topic that was removed, and made anew since`;
  return new PulseError('table-mismatch', `${fact}: ${moveAway(name)}`);
}
