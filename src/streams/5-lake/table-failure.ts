import { type ErrorCode, PulseError } from '../../errors.ts';

const OF_TABLES: readonly ErrorCode[] = ['table-corrupt', 'table-mismatch'];

/** Whether one table can't be used as it lies on the disk, which says nothing of the others: a person can mend it. */
export const isTableFailure = (error: unknown): error is PulseError =>
  error instanceof PulseError && OF_TABLES.includes(error.code);

/** The same failure with what a person can do about it: a damaged table is written anew where there is none. */
export function withAdvice(error: PulseError, table: string): PulseError {
  if (error.code !== 'table-corrupt') return error;
  const advice = `move the folder ${table} of the data folder away, and it is written anew from what the log holds`;
  return new PulseError(error.code, `${error.message}: ${advice}`, { cause: error });
}
