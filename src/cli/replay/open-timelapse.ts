import { PulseError } from '../../errors.ts';
import type { Log } from '../../streams/log/log.ts';
import { freezeInput } from '../../streams/replay/freeze-input.ts';
import { History } from '../../streams/replay/history.ts';
import type { ReplaySource } from '../../streams/replay/replay-sources.ts';
import type { OrderedHistory } from '../../streams/replay/timelapse/ordered-history.ts';
import { formatRfc3339 } from '../../streams/rfc3339.ts';
import { topicNames } from '../../streams/topics.ts';
import type { Context } from '../context.ts';
import { partitionsMade } from '../namespace-log.ts';
import { openLiveBronze } from './live-bronze.ts';
import { orderHistory } from './order-history.ts';
import { namespaceText } from './replay-contexts.ts';
import { TimelapseControl } from './timelapse-control.ts';

export interface TimelapseWished {
  readonly from: ReplaySource;
  readonly speed: number;
}

/** Whose quotes are played, where, and how. Whoever opens it closes its history. */
export interface OpenedTimelapse {
  readonly live: Context;
  readonly target: Context;
  /** The live namespace. */
  readonly of: string;
  readonly history: OrderedHistory;
  readonly control: TimelapseControl;
}

/**
 * Fixes what there is to be played now: the scrubber has an end, however far the live quotes have come since. Undefined where a signal
 * came meanwhile; rejects with `unknown-topic` where there are no quotes.
 */
export async function openTimelapse(
  live: Context,
  liveLog: Log,
  wanted: Context,
  { from: source, speed }: TimelapseWished,
): Promise<OpenedTimelapse | undefined> {
  const of = live.config.settings.namespace;
  const partitions = await partitionsMade(live, liveLog);
  if (partitions === undefined) throw nothingToPlay(of);
  const topic = topicNames(of).markets;
  const openBronze = () => (source === 'topic' ? Promise.resolve(undefined) : openLiveBronze(live, liveLog, topic));
  const input = await freezeInput({
    ...{ live: liveLog, of, topic, partitions, source, bronze: await openBronze() },
    startedAt: formatRfc3339(live.clock.now()),
  });
  const asItLies = await History.open({ live: liveLog, openBronze, input });
  const { config } = wanted;
  const history = await orderHistory(live, asItLies, input.ranges, config.dataDir);
  const { extent } = history;
  if (live.signal.aborted || extent === undefined) {
    await history.close();
    if (live.signal.aborted) return undefined;
    throw nothingToPlay(of);
  }
  const target = { ...wanted, config: { ...config, settings: { ...config.settings, partitions } } };
  return { live, target, of, history, control: new TimelapseControl({ of, ...extent, speed, clock: live.clock }) };
}

const nothingToPlay = (of: string): PulseError =>
  new PulseError('unknown-topic', `${namespaceText(of)} holds no quotes yet`);
