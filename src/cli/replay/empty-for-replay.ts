import { PulseError } from '../../errors.ts';
import type { Log } from '../../streams/log/log.ts';
import { FROZEN_KEY } from '../../streams/replay/frozen-input.ts';
import { isPending, readPromotion } from '../../streams/replay/promotion-record.ts';
import { topicNames } from '../../streams/topics.ts';
import type { Context } from '../context.ts';
import { emptyNamespace } from './empty-namespace.ts';
import { namespaceText } from './replay-contexts.ts';

/**
 * Empties the namespace for a replay that starts afresh. Rejects, and removes nothing, where it holds anything but an earlier
 * replay, and while that one is being promoted: the live tables would become what is half rebuilt.
 */
export async function emptyForReplay(live: Context, liveLog: Log, target: Context): Promise<void> {
  const { namespace } = target.config.settings;
  const under = await readPromotion(liveLog, topicNames(live.config.settings.namespace));
  if (under !== undefined && isPending(under) && under.namespace === namespace)
    throw new PulseError(
      'usage',
      `${namespaceText(namespace)} is being promoted: finish that first, with pulse replay promote ${namespace}`,
    );
  await emptyNamespace(target, { key: FROZEN_KEY, what: 'a replay' });
}
