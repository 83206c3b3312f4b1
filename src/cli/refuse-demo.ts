import { PulseError } from '../errors.ts';
import type { Context } from './context.ts';

/** The namespace of the demonstration: every start that has nothing else to show empties it. */
export const DEMO = 'demo';

/** Refuses to write a user's data where the next demonstration would remove it. Throws `settings`. */
export function refuseDemo({ config }: Context): void {
  if (config.settings.namespace === DEMO)
    throw new PulseError('settings', 'the namespace demo is emptied by each demonstration: name another to write to');
}
