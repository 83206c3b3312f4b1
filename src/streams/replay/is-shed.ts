import { PulseError } from '../../errors.ts';

/** What is read has been removed since: from the topic by its retention, or files of the table by a vacuum. */
export const isShed = (error: unknown): error is PulseError =>
  error instanceof PulseError && (error.code === 'offset-out-of-range' || error.code === 'version-vacuumed');
