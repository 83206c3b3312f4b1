import { PulseError } from '../../errors.ts';
import type { Log } from '../../streams/log/log.ts';
import { readReplay } from '../../streams/replay/claim-replay.ts';
import { topicNames } from '../../streams/topics.ts';
import type { Context } from '../context.ts';
import { namespaceText } from './replay-contexts.ts';

/** A replay's namespace has tables and no quotes: to replay it would make empty tables. Rejects with `usage`. */
export async function refuseReplayed({ config }: Context, log: Log): Promise<void> {
  const { namespace } = config.settings;
  const held = await readReplay(log, topicNames(namespace).positions);
  if (held === undefined) return;
  throw new PulseError(
    'usage',
    `${namespaceText(namespace)} holds a replay, and no quotes: replay ${namespaceText(held.of)}, which it was made of`,
  );
}
