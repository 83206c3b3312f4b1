import { persistentSource } from '../../streams/1-ingest/persistent-source.ts';
import { sleepOn } from '../../streams/clock/sleep.ts';
import type { ReplaySource } from '../../streams/replay/replay-sources.ts';
import { timelapseSource } from '../../streams/replay/timelapse/timelapse-source.ts';
import type { Context } from '../context.ts';
import { ingestOptions } from '../ingest.ts';
import { openToRead } from '../namespace-log.ts';
import { serveSource } from '../serve-source.ts';
import { type OpenedTimelapse, openTimelapse } from './open-timelapse.ts';
import { namespaceText, refuseRebuildNamespace, targetContext } from './replay-contexts.ts';
import { emptyForTimelapse, timelapseNamespace } from './timelapse-namespace.ts';

export interface TimelapseCommandOptions {
  readonly from: ReplaySource;
  readonly namespace?: string;
  readonly lake: boolean;
  readonly speed: number;
}

/** Pages hear that it goes back before their connections end. */
const TOLD_MS = 300;

/** `pulse replay --speed N`: the quotes that there are, as they were seen, in a namespace and on a page of their own, until stopped. */
export async function timelapseCommand(live: Context, options: TimelapseCommandOptions): Promise<void> {
  const wanted = targetContext(live, options.namespace ?? timelapseNamespace(live.config.settings.namespace));
  refuseRebuildNamespace(live, wanted);
  const liveLog = await openToRead(live);
  try {
    const timelapse = await openTimelapse(live, liveLog, wanted, options);
    try {
      if (timelapse !== undefined) await playInLives(timelapse, options.lake);
    } finally {
      await timelapse?.history.close();
    }
  } finally {
    await liveLog.close();
  }
}

async function playInLives(timelapse: OpenedTimelapse, lake: boolean): Promise<void> {
  const { live, target, control } = timelapse;
  let served = target;
  do {
    await emptyForTimelapse(target);
    const url = await playOnce(timelapse, served, lake);
    // Its pages come again to where they were.
    served = withPort(target, Number(new URL(url).port));
  } while (control.isGoingBack && !live.signal.aborted);
}

/** Plays until it is stopped, or has to go back; the page's address. */
async function playOnce(timelapse: OpenedTimelapse, target: Context, lake: boolean): Promise<string> {
  const { live, of, history, control } = timelapse;
  const { playback, signal: goingBack } = control.begin();
  const ending = new AbortController();
  const end = (): void => ending.abort();
  live.signal.addEventListener('abort', end, { once: true });
  goingBack.addEventListener('abort', () => void live.clock.schedule(end, TOLD_MS), { once: true });
  if (live.signal.aborted) end();
  const context = { ...target, signal: ending.signal };
  const logger = { info: live.out.say, warn: live.out.say };
  const what = `a time-lapse of ${namespaceText(of)}, as its quotes were seen`;
  const isFirst = control.state().target === null;
  let address = '';
  await serveSource({
    ...{ context, lake, workers: 1, web: { timelapse: control } },
    open(opened) {
      const options = { ...ingestOptions(context, opened, { logger }), history, playback };
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
