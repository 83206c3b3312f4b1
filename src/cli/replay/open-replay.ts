import { PulseError } from '../../errors.ts';
import type { Log } from '../../streams/log/log.ts';
import type { FrozenInput } from '../../streams/replay/frozen-input.ts';
import { History } from '../../streams/replay/history.ts';
import { replayLog } from '../../streams/replay/replay-log.ts';
import type { Context } from '../context.ts';
import { type NamespaceLog, openToWrite, partitionsMade } from '../namespace-log.ts';
import { openLiveBronze } from './live-bronze.ts';
import { namespaceText } from './replay-contexts.ts';

const COMMIT_EVERY_MS = 1_000;

/** Whose quotes are replayed, and where to. */
export interface ReplayWish {
  readonly live: Context;
  /** Only read. */
  readonly liveLog: Log;
  readonly target: Context;
}

/** A replay, ready to be worked on. */
export interface OpenedReplay {
  readonly input: FrozenInput;
  /** The replay's own namespace, with the number of partitions that the live one has. */
  readonly target: Context;
  readonly opened: NamespaceLog;
  /** Up to when quotes are read, as they were seen; null before the first. */
  readonly reached: () => number | null;
  close(): Promise<void>;
}

/**
 * Opens the replay's own log to write, beside the live one. `inputOf` says what is to be replayed. Rejects with `log-locked`
 * while another process works on the same replay.
 */
export async function openReplay(
  wish: ReplayWish,
  inputOf: (own: NamespaceLog) => Promise<FrozenInput>,
): Promise<OpenedReplay> {
  const { live, liveLog } = wish;
  const partitions = await partitionsMade(live, liveLog);
  if (partitions === undefined)
    throw new PulseError('unknown-topic', `${namespaceText(live.config.settings.namespace)} holds no quotes yet`);
  const target = unhurried(wish.target, partitions);
  const own = await openToWrite(target);
  try {
    const input = await inputOf(own);
    await refuseOtherInput({ ...wish, target }, input);
    const history = await History.open({
      ...{ live: liveLog, input },
      openBronze: () =>
        input.source === 'topic' ? Promise.resolve(undefined) : openLiveBronze(live, liveLog, input.topic),
    });
    const log = replayLog(own.log, liveLog, history, live.clock);
    const names = { ...own.names, markets: input.topic };
    const opened = { log, names, partitions };
    return { input, target, opened, reached: () => history.reached, close: () => own.log.close() };
  } catch (error) {
    await own.log.close();
    throw error;
  }
}

/** What was begun is finished as it was begun; offsets of another log, or of a topic made anew, would mean other quotes. */
async function refuseOtherInput({ live, liveLog, target }: ReplayWish, input: FrozenInput): Promise<void> {
  const { namespace } = live.config.settings;
  const name = namespaceText(target.config.settings.namespace);
  if (input.of !== namespace)
    throw new PulseError(
      'wrong-namespace-kind',
      `${name} holds a replay of ${namespaceText(input.of)}: name another one with --namespace`,
    );
  const topicId = await liveLog.topics.id(input.topic);
  if (input.log === liveLog.identity && input.topicId === topicId) return;
  throw new PulseError(
    'topic-mismatch',
    `${name} holds a replay of ${input.topic} as it was before it was made anew: start afresh with --again`,
  );
}

/** Nobody waits for the rows: seldom commits are cheaper, and leave the disk to live work. */
function unhurried(context: Context, partitions: number): Context {
  const { config } = context;
  const commit = { ...config.settings.commit, interval_ms: COMMIT_EVERY_MS };
  return { ...context, config: { ...config, settings: { ...config.settings, partitions, commit } } };
}
