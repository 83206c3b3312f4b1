import type { IngestSource } from '../streams/1-ingest/ingest-source.ts';
import { untilAborted } from '../streams/clock/until-aborted.ts';
import type { Context } from './context.ts';
import { demoContext, demoMarket, demoSource } from './demo.ts';
import { heldKind } from './held-kind.ts';
import { type IngestCommandOptions, ingestOptions, openSource } from './ingest.ts';
import type { NamespaceLog } from './namespace-log.ts';
import { createProgress } from './progress.ts';
import { reachCoingecko } from './reachable.ts';
import { refuseDemo } from './refuse-demo.ts';
import { serveSource } from './serve-source.ts';

export interface StartOptions {
  readonly source?: IngestCommandOptions['source'];
  readonly file?: string;
  readonly speed?: number | 'max';
  /** Threads for the stages; 1 works in the main thread. */
  readonly workers: number;
}

/** The source that a start runs, and where. */
interface Plan {
  readonly context: Context;
  readonly open: (opened: NamespaceLog) => IngestSource;
  /** A sentence about what is going to be seen. */
  readonly saying: string;
}

/**
 * `pulse start`: source, stages, lake and page in one process, until stopped. With no source named, CoinGecko; where that can't
 * be reached, what the namespace holds, and further tries if it was observed; where it holds nothing, the recorded market in the namespace
 * `demo`, afresh.
 */
export async function startCommand(context: Context, options: StartOptions): Promise<void> {
  refuseDemo(context);
  const plan = await planOf(context, options);
  const { result } = context.out;
  await serveSource({
    ...{ context: plan.context, open: plan.open, workers: options.workers, lake: true },
    async onServed(url) {
      await result(plan.saying);
      await result(`the page is at ${url}`);
    },
  });
}

async function planOf(context: Context, options: StartOptions): Promise<Plan> {
  const { source = 'coingecko' } = options;
  if (options.source === undefined && (await reachCoingecko(context)).kind === 'unreachable')
    return planWithoutSource(context, options);
  return {
    context,
    open: (opened) => openNamed(context, opened, { ...options, source }),
    saying: source === 'coingecko' ? 'polling CoinGecko' : `playing the ${source} market`,
  };
}

/** What there is to show where CoinGecko can't be reached. */
async function planWithoutSource(context: Context, options: StartOptions): Promise<Plan> {
  const unreachable = 'CoinGecko can’t be reached from here';
  switch (await heldKind(context)) {
    case 'observed':
      return {
        context,
        open: (opened) => openNamed(context, opened, { ...options, source: 'coingecko' }),
        saying: `${unreachable}: showing what the namespace holds, and trying again`,
      };
    case 'played':
      return { context, open: () => noSource, saying: `${unreachable}: showing the played market of the namespace` };
    case undefined:
      return {
        context: await demoContext(context),
        open: (opened) => demoSource(context, opened),
        saying:
          `${unreachable} and there is no data yet: playing ${demoMarket(context)} in the namespace demo, ` +
          'an hour every few seconds; these are no live prices',
      };
  }
}

function openNamed(
  context: Context,
  opened: NamespaceLog,
  options: StartOptions & Required<Pick<StartOptions, 'source'>>,
): IngestSource {
  const wanted = { again: false, seed: '1', coins: 250, skew: 0, spread: false, speed: 1, ...options };
  const progress = createProgress(context.out, options.source);
  return openSource(context, wanted, ingestOptions(context, opened, progress));
}

/** Nothing comes, until stopped. */
const noSource: IngestSource = {
  async run(signal) {
    await untilAborted(signal);
    return { kind: 'stopped', records: 0 };
  },
};
