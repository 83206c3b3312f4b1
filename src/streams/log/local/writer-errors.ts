import { PulseError } from '../../../errors.ts';

export const fenced = (id: string): PulseError =>
  new PulseError('fenced', `The writer ${id} was fenced: another one has been opened under its id.`);

/** What a writer says to commits after one of its commits was rejected: the same, and that it is of no use any more. */
export const spent = (id: string, failure: PulseError): PulseError =>
  new PulseError(failure.code, `The writer ${id} is spent, open another: ${failure.message}`, { cause: failure });

export const closed = (what: string): PulseError => new PulseError('usage', `${what} is closed.`);
