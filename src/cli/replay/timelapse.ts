import { PulseError } from '../../errors.ts';
import { persistentSource } from '../../streams/1-ingest/persistent-source.ts';
import { sleepOn } from '../../streams/clock/sleep.ts';
import type { Log } from '../../streams/log/log.ts';
import { freezeInput } from '../../streams/replay/freeze-input.ts';
import type { FrozenInput } from '../../streams/replay/frozen-input.ts';
import { History } from '../../streams/replay/history.ts';
import type { ReplaySource } from '../../streams/replay/replay-sources.ts';
import { historyExtent } from '../../streams/replay/timelapse/history-extent.ts';
import { timelapseSource } from '../../streams/replay/timelapse/timelapse-source.ts';
import { formatRfc3339 } from '../../streams/rfc3339.ts';
import { topicNames } from '../../streams/topics.ts';
import type { Context } from '../context.ts';
import { ingestOptions } from '../ingest.ts';
import { openToRead, partitionsMade } from '../namespace-log.ts';
import { serveSource } from '../serve-source.ts';
import { openLiveBronze } from './live-bronze.ts';
import { namespaceText, targetContext } from './replay-contexts.ts';
import { TimelapseControl } from './timelapse-control.ts';
import { emptyForTimelapse, timelapseNamespace } from './timelapse-namespace.ts';
import { yieldToOthers } from './yield-to-others.ts';

export interface TimelapseCommandOptions {
  readonly from: ReplaySource;
  readonly namespace?: string;
  readonly lake: boolean;
  readonly speed: number;
}

/** Whose quotes are played, and how. */
interface Played {
  readonly live: Context;
  readonly input: FrozenInput;
  readonly history: History;
  readonly control: TimelapseControl;
}

/** Pages hear that it goes back before their connections end. */
const TOLD_MS = 300;

/** `pulse replay --speed N`: the quotes that there are, as they were seen, in a namespace and on a page of their own, until stopped. */
export async function timelapseCommand(live: Context, options: TimelapseCommandOptions): Promise<void> {
  const wanted = targetContext(live, options.namespace ?? timelapseNamespace(live.config.settings.namespace));
  const liveLog = await openToRead(live);
  try {
    const { target, ...played } = await openPlayed(live, liveLog, wanted, options);
    yieldToOthers();
    let served = target;
    do {
      await emptyForTimelapse(target);
      const url = await playOnce(played, served, options.lake);
      // Its pages come again to where they were.
      served = withPort(target, Number(new URL(url).port));
    } while (played.control.isGoingBack && !live.signal.aborted);
  } finally {
    await liveLog.close();
  }
}

/** Fixes what there is to be played now: the scrubber has an end, however far the live quotes have come since. */
async function openPlayed(
  live: Context,
  liveLog: Log,
  wanted: Context,
  { from: source, speed }: TimelapseCommandOptions,
): Promise<Played & { readonly target: Context }> {
  const of = live.config.settings.namespace;
  const partitions = await partitionsMade(live, liveLog);
  if (partitions === undefined) throw nothingToPlay(of);
  const topic = topicNames(of).markets;
  const openBronze = () => (source === 'topic' ? Promise.resolve(undefined) : openLiveBronze(live, liveLog, topic));
  const input = await freezeInput({
    ...{ live: liveLog, of, topic, partitions, source, bronze: await openBronze() },
    startedAt: formatRfc3339(live.clock.now()),
  });
  const history = await History.open({ live: liveLog, openBronze, input });
  const extent = await historyExtent(history, partitions);
  if (extent === undefined) throw nothingToPlay(of);
  const { config } = wanted;
  const target = { ...wanted, config: { ...config, settings: { ...config.settings, partitions } } };
  return { live, target, input, history, control: new TimelapseControl({ of, ...extent, speed, clock: live.clock }) };
}

/** Plays until it is stopped, or has to go back; the page's address. */
async function playOnce({ live, input, history, control }: Played, target: Context, lake: boolean): Promise<string> {
  const { playback, signal: goingBack } = control.begin();
  const ending = new AbortController();
  const end = (): void => ending.abort();
  live.signal.addEventListener('abort', end, { once: true });
  goingBack.addEventListener('abort', () => void live.clock.schedule(end, TOLD_MS), { once: true });
  if (live.signal.aborted) end();
  const context = { ...target, signal: ending.signal };
  const logger = { info: live.out.say, warn: live.out.say };
  const what = `a time-lapse of ${namespaceText(input.of)}, as its quotes were seen`;
  const isFirst = control.state().target === null;
  let address = '';
  await serveSource({
    ...{ context, lake, workers: 1, web: { timelapse: control } },
    open(opened) {
      const options = { ...ingestOptions(context, opened, { logger }), history, playback, ranges: input.ranges };
      const source = timelapseSource({
        ...options,
        note: `This is ${what}.`,
        onReached: (time) => control.reached(time),
      });
      const persistent = persistentSource(source, sleepOn(live.clock), logger);
      return {
        async run(signal) {
          const outcome = await persistent.run(signal);
          if (outcome.kind !== 'stopped') control.ended();
          return outcome;
        },
      };
    },
    async onServed(url) {
      address = url;
      if (!isFirst) return;
      await live.out.result(`playing ${what}; these are no live prices`);
      await live.out.result(`the page is at ${url}`);
    },
  });
  live.signal.removeEventListener('abort', end);
  return address;
}

function withPort(target: Context, port: number): Context {
  const { config } = target;
  return { ...target, config: { ...config, settings: { ...config.settings, web: { ...config.settings.web, port } } } };
}

const nothingToPlay = (of: string): PulseError =>
  new PulseError('unknown-topic', `${namespaceText(of)} holds no quotes yet`);
