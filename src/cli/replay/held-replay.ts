import { PulseError } from '../../errors.ts';
import type { Log } from '../../streams/log/log.ts';
import { readReplay } from '../../streams/replay/claim-replay.ts';
import type { FrozenInput } from '../../streams/replay/frozen-input.ts';
import { topicNames } from '../../streams/topics.ts';
import type { Context } from '../context.ts';
import { mayHaveLog, openToRead } from '../namespace-log.ts';
import { noReplay } from './no-replay.ts';
import { namespaceText } from './replay-contexts.ts';

/** The replay in the namespace whose log it is; rejects where it holds none of the live quotes, or one of half of them. */
export async function heldReplay(live: Context, liveLog: Log, target: Context, log: Log): Promise<FrozenInput> {
  const { namespace } = target.config.settings;
  const found = await readReplay(log, topicNames(namespace).positions);
  if (found === undefined) throw await noReplay(live, liveLog, namespace);
  if (found.of !== live.config.settings.namespace)
    throw new PulseError(
      'wrong-namespace-kind',
      `${namespaceText(namespace)} holds a replay of ${namespaceText(found.of)}: it can be promoted into that alone`,
    );
  // The rows of quotes that it could not read would be taken for rows that nobody computed, and removed.
  if (found.ranges.every(({ start }) => start === 0)) return found;
  throw new PulseError(
    'history-incomplete',
    `${namespaceText(namespace)} lacks what ${found.topic} had shed: promoted, it would remove the rows of those quotes`,
  );
}

/** The same before anything is opened to write; where the live namespace has no quotes, nothing can hold a replay of them. */
export async function lookForReplay(live: Context, target: Context): Promise<FrozenInput> {
  const liveLog = await openToRead(live);
  try {
    if (!mayHaveLog(target)) throw await noReplay(live, liveLog, target.config.settings.namespace);
    const log = await openToRead(target);
    try {
      return await heldReplay(live, liveLog, target, log);
    } finally {
      await log.close();
    }
  } finally {
    await liveLog.close();
  }
}
