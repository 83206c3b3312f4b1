import { randomUUID } from 'node:crypto';
import { LakeDisk } from '../../streams/5-lake/disk/lake-disk.ts';
import { nodeDisk } from '../../streams/5-lake/disk/node-disk.ts';
import { BronzeSource } from '../../streams/5-lake/source/bronze-source.ts';
import { bronzeTable } from '../../streams/5-lake/tables.ts';
import { PulseError } from '../../errors.ts';
import type { Log } from '../../streams/log/log.ts';
import { claimReplay } from '../../streams/replay/claim-replay.ts';
import { freezeInput } from '../../streams/replay/freeze-input.ts';
import type { FrozenInput } from '../../streams/replay/frozen-input.ts';
import { History } from '../../streams/replay/history.ts';
import type { ReplaySource } from '../../streams/replay/replay-sources.ts';
import { replayLog } from '../../streams/replay/replay-log.ts';
import { formatRfc3339 } from '../../streams/rfc3339.ts';
import { topicNames } from '../../streams/topics.ts';
import type { Context } from '../context.ts';
import { deltaOptions } from '../lake-tables.ts';
import { type NamespaceLog, openToRead, openToWrite, partitionsMade } from '../namespace-log.ts';
import { namespaceText } from './replay-contexts.ts';

/** A replay, ready to be worked on. */
export interface OpenedReplay {
  readonly input: FrozenInput;
  /** Of the replay's own namespace, with the number of partitions that the live one has. */
  readonly target: Context;
  readonly opened: NamespaceLog;
  /** When the quotes read last were seen; null before the first. */
  readonly reached: () => number | null;
  close(): Promise<void>;
}

/**
 * Opens the live log to read and the replay's own to write, and fixes what is to be replayed, or finds what was fixed
 * before. Rejects with `log-locked` while another process works on the same replay.
 */
export async function openReplay(live: Context, target: Context, source: ReplaySource): Promise<OpenedReplay> {
  const liveLog = await openToRead(live);
  const closing: (() => Promise<void>)[] = [() => liveLog.close()];
  const close = async (): Promise<void> => {
    for (const one of closing.reverse()) await one();
  };
  try {
    const partitions = await partitionsMade(live, liveLog);
    if (partitions === undefined)
      throw new PulseError('unknown-topic', `${namespaceText(live.config.settings.namespace)} holds no quotes yet`);
    const sized = withPartitions(target, partitions);
    const own = await openToWrite(sized);
    closing.push(() => own.log.close());
    const input = await claim(live, liveLog, own, source);
    await refuseOtherInput(live, liveLog, input, sized);
    const openBronze = (): ReturnType<typeof openLiveBronze> =>
      input.source === 'topic' ? Promise.resolve(undefined) : openLiveBronze(live, liveLog, input.topic);
    const history = await History.open({ live: liveLog, openBronze, input });
    const log = replayLog(own.log, liveLog, history, live.clock);
    const names = { ...own.names, markets: input.topic };
    return { input, target: sized, opened: { log, names, partitions }, reached: () => history.reached, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function claim(live: Context, liveLog: Log, own: NamespaceLog, source: ReplaySource): Promise<FrozenInput> {
  const of = live.config.settings.namespace;
  const topic = topicNames(of).markets;
  return claimReplay(own.log, own.names.positions, async () =>
    freezeInput({
      ...{ live: liveLog, of, topic, source, partitions: own.partitions },
      bronze: source === 'topic' ? undefined : await openLiveBronze(live, liveLog, topic),
      startedAt: formatRfc3339(live.clock.now()),
    }),
  );
}

async function openLiveBronze(live: Context, log: Log, topic: string): Promise<BronzeSource | undefined> {
  const disk = new LakeDisk(nodeDisk, live.config.dataDir, randomUUID);
  const origin = { log: log.identity, topicId: await log.topics.id(topic) };
  return BronzeSource.open(deltaOptions(live, disk, bronzeTable), origin);
}

/** What was begun is finished as it was begun; offsets of another log, or of a topic made anew, would mean other quotes. */
async function refuseOtherInput(live: Context, liveLog: Log, input: FrozenInput, target: Context): Promise<void> {
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

function withPartitions(context: Context, partitions: number): Context {
  const { config } = context;
  return { ...context, config: { ...config, settings: { ...config.settings, partitions } } };
}
