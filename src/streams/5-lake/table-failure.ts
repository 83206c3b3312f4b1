import { type ErrorCode, PulseError } from '../../errors.ts';
import { isDiskFailure } from './disk/is-disk-failure.ts';
import { moveAway } from './move-away.ts';

const OF_TABLES: readonly ErrorCode[] = ['table-corrupt', 'table-mismatch'];

/** Whether one table can't be used as it lies on the disk, which says nothing of the others: a person can mend it. */
export const isTableFailure = (error: unknown): error is PulseError =>
  error instanceof PulseError && OF_TABLES.includes(error.code);

/** Whether a person can mend it while the program runs: the disk, or what lies on it. */
export const canBeMended = (error: unknown): error is PulseError => isDiskFailure(error) || isTableFailure(error);

/** The same failure with what a person can do about it: a damaged table is written anew where there is none. */
export function withAdvice(error: PulseError, table: string): PulseError {
  if (error.code !== 'table-corrupt') return error;
  return new PulseError(error.code, `${error.message}: ${moveAway(table)}`, { cause: error });
}
