import type { Log } from '../../streams/log/log.ts';
import { readReplay } from '../../streams/replay/claim-replay.ts';
import { topicNames } from '../../streams/topics.ts';
import type { NameSource } from '../../web/server/view/name-reader.ts';
import type { Context } from '../context.ts';
import { mayHaveLog, openToRead } from '../namespace-log.ts';
import { inOtherNamespace } from './replay-contexts.ts';

/** The quotes that a namespace's rows were made of, where they lie in another one. */
export interface ReplayedQuotes {
  /** Undefined where the namespace is no replay, or what it replays is there no longer. */
  find(): Promise<NameSource | undefined>;
  close(): Promise<void>;
}

/** Looks into the other namespace's log when it is first asked where that is; one on the same cluster is the same log. */
export function replayedQuotes(context: Context, log: Log): ReplayedQuotes {
  let other: Log | undefined;
  return {
    async find() {
      const input = await readReplay(log, topicNames(context.config.settings.namespace).positions);
      if (input === undefined) return undefined;
      if (input.log === log.identity) return { log, topic: input.topic };
      const live = inOtherNamespace(context, input.of);
      if (other === undefined && mayHaveLog(live)) other = await openToRead(live);
      return other?.identity === input.log ? { log: other, topic: input.topic } : undefined;
    },
    close: async () => other?.close(),
  };
}
