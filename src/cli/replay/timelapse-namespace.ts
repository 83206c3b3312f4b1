import { TIMELAPSE_KEY } from '../../streams/replay/timelapse/timelapse-source.ts';
import type { Context } from '../context.ts';
import { emptyNamespace } from './empty-namespace.ts';

/** Where the time-lapse of a namespace is played unless another one is named. */
export const timelapseNamespace = (live: string): string => (live === '' ? 'timelapse' : `${live}-timelapse`);

/** Empties the namespace for a time-lapse; rejects with `wrong-namespace-kind` where it holds anything but an earlier one. */
export const emptyForTimelapse = (target: Context): Promise<void> =>
  emptyNamespace(target, { key: TIMELAPSE_KEY, what: 'a time-lapse' });
