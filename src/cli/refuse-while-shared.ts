import { PulseError } from '../errors.ts';
import type { Context } from './context.ts';
import { stageMembers } from './stage-members.ts';

/** Rejects with `log-locked` where processes work on the namespace of a cluster; embedded logs have a lock of their own. */
export async function refuseWhileShared(context: Context): Promise<void> {
  const members = Math.max(0, ...((await stageMembers(context)) ?? new Map<string, number>()).values());
  if (members === 0) return;
  const { namespace } = context.config.settings;
  const [who, work] = members === 1 ? ['another process', 'works'] : [`${members} other processes`, 'work'];
  throw new PulseError(
    'log-locked',
    `${who} ${work} on ${namespace === '' ? 'the default namespace' : `the namespace ${namespace}`} of the cluster: ` +
      `stop ${members === 1 ? 'it' : 'them'} first (one that was killed counts for 10 s more), or look at it with ` +
      `pulse web${namespace === '' ? '' : ` --namespace ${namespace}`}`,
  );
}
