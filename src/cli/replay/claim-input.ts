import { claimReplay } from '../../streams/replay/claim-replay.ts';
import { freezeInput } from '../../streams/replay/freeze-input.ts';
import type { FrozenInput } from '../../streams/replay/frozen-input.ts';
import type { ReplaySource } from '../../streams/replay/replay-sources.ts';
import { formatRfc3339 } from '../../streams/rfc3339.ts';
import { topicNames } from '../../streams/topics.ts';
import type { NamespaceLog } from '../namespace-log.ts';
import { openLiveBronze } from './live-bronze.ts';
import type { ReplayWish } from './open-replay.ts';

/** Fixes what there is to be replayed now, or finds what was fixed when the replay was begun. */
export const claimInput =
  ({ live, liveLog }: Pick<ReplayWish, 'live' | 'liveLog'>, source: ReplaySource) =>
  ({ log, names, partitions }: NamespaceLog): Promise<FrozenInput> => {
    const of = live.config.settings.namespace;
    const topic = topicNames(of).markets;
    return claimReplay(log, names.positions, async () =>
      freezeInput({
        ...{ live: liveLog, of, topic, source, partitions },
        bronze: source === 'topic' ? undefined : await openLiveBronze(live, liveLog, topic),
        startedAt: formatRfc3339(live.clock.now()),
      }),
    );
  };
