import { freezeInput } from '../../streams/replay/freeze-input.ts';
import type { FrozenInput } from '../../streams/replay/frozen-input.ts';
import { History } from '../../streams/replay/history.ts';
import { replayLog } from '../../streams/replay/replay-log.ts';
import { formatRfc3339 } from '../../streams/rfc3339.ts';
import type { Context } from '../context.ts';
import type { NamespaceLog } from '../namespace-log.ts';

/** What the live topic holds now: whoever still brings quotes in must not keep a promotion from coming to an end. */
export const frozenNow = (live: Context, { log, names, partitions }: NamespaceLog): Promise<FrozenInput> =>
  freezeInput({
    ...{ live: log, of: live.config.settings.namespace, topic: names.markets, partitions, source: 'topic' },
    ...{ bronze: undefined, startedAt: formatRfc3339(live.clock.now()) },
  });

/** The live namespace as if no quote had come in after that end. */
export async function clippedTo(live: Context, opened: NamespaceLog, input: FrozenInput): Promise<NamespaceLog> {
  const { log } = opened;
  const history = await History.open({ live: log, openBronze: () => Promise.resolve(undefined), input });
  return { ...opened, log: replayLog(log, log, history, live.clock) };
}
