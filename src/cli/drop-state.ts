import { rmSync } from 'node:fs';
import { PulseError } from '../errors.ts';
import { claimStateFolder } from './open-state.ts';
import type { Context } from './context.ts';
import { stateFolder } from './namespace-log.ts';

/**
 * Removes this process's state, which is a cache of the log: the tasks read it again from the changelog. The embedded log must
 * be open to write, so that nobody else is at work on it; on a cluster it is the folder that no other process has claimed.
 */
export function dropState(context: Context): void {
  const claimed = claimStateFolder(context);
  const path = claimed?.path ?? stateFolder(context);
  try {
    rmSync(path, { recursive: true, force: true });
    context.out.say(`the state in ${path} is removed, and read again from the log`);
  } catch (cause) {
    throw new PulseError('disk-unwritable', `${path} can't be removed: check the disk and its permissions`, { cause });
  } finally {
    claimed?.release();
  }
}
