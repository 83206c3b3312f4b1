import { PulseError } from '../../../errors.ts';
import { type Action, action } from './actions.ts';

/** A version's actions as its file: one JSON object a line (protocol, "Delta Log Entries"). */
export const encodeCommit = (actions: readonly Action[]): Uint8Array =>
  Buffer.from(actions.map((each) => `${JSON.stringify(each)}\n`).join(''), 'utf8');

/** Throws `table-corrupt` for a line that is no action. */
export function decodeCommit(bytes: Uint8Array, where: string): readonly Action[] {
  const lines = Buffer.from(bytes).toString('utf8').split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      try {
        return action.parse(JSON.parse(line));
      } catch (cause) {
        throw new PulseError('table-corrupt', `${where} holds a line that is no action: ${line.slice(0, 80)}`, {
          cause,
        });
      }
    });
}
