import { PulseError } from '../../../errors.ts';

export const fenced = (id: string): PulseError =>
  new PulseError('fenced', `The writer ${id} was fenced: another one has been opened under its id.`);

/** What a writer says to commits after one of its commits was rejected: the same, and that it is of no use any more. */
export function spent(id: string, failure: Error): PulseError {
  const code = failure instanceof PulseError ? failure.code : 'usage';
  return new PulseError(code, `The writer ${id} is spent, open another: ${failure.message}`, { cause: failure });
}

export const closed = (what: string): PulseError => new PulseError('usage', `${what} is closed.`);
