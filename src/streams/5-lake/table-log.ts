import { PulseError } from '../../errors.ts';
import type { MetaData } from './delta/actions.ts';
import type { LakeTable } from './lake-table.ts';
import { moveAway } from './move-away.ts';

/** The property that names the log whose offsets the table's `txn` actions are. */
export const LOG_PROPERTY = 'crypto-pulse.log';

/** Throws `table-mismatch` where the table holds rows of another log than that. */
export function refuseOtherLog({ name }: LakeTable, { configuration }: MetaData, logIdentity: string): void {
  if (configuration?.[LOG_PROPERTY] === logIdentity) return;
  throw new PulseError('table-mismatch', `the table ${name} holds rows of another log: ${moveAway(name)}`);
}
