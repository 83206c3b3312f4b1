import type { IngestSource } from '../streams/1-ingest/ingest-source.ts';
import { untilAborted } from '../streams/clock/until-aborted.ts';
import type { Context } from './context.ts';
import { demoContext, demoMarket, demoSource } from './demo.ts';
import { heldKind } from './held-kind.ts';
import { type IngestCommandOptions, ingestOptions, openSource } from './ingest.ts';
import { type NamespaceLog, openToWrite } from './namespace-log.ts';
import { createProgress } from './progress.ts';
import { reachCoingecko } from './reachable.ts';
import { refuseDemo } from './refuse-demo.ts';
import { startWork } from './work.ts';
import { startWeb } from './web.ts';
import { startSinkThread } from './workers/sink-thread.ts';

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
  const opened = await openToWrite(plan.context);
  try {
    const processing = await startWork(plan.context, opened, options.workers);
    try {
      const server = await startWeb(plan.context, opened.log);
      try {
        await context.out.result(plan.saying);
        await context.out.result(`the page is at ${server.url}`);
        await playIntoLake(plan, opened, processing.halted);
      } finally {
        await server.close();
      }
    } finally {
      await processing.stop();
    }
  } finally {
    await opened.log.close();
  }
}

/** Runs the source with the lake's sinks beside it, in a thread of their own. */
async function playIntoLake(plan: Plan, opened: NamespaceLog, halted: Promise<never>): Promise<void> {
  const sinks = startSinkThread(plan.context.config, plan.context.out.say);
  try {
    await play(plan, opened, Promise.race([halted, sinks.halted]));
  } catch (error) {
    // On a full disk the lake's last commit fails as well: what failed first is what is told.
    await sinks.stop().catch(() => undefined);
    throw error;
  }
  await sinks.stop();
}

/** Runs the source until stopped; one that fails for good ends the start, and so does a stage that has halted. */
async function play(plan: Plan, opened: NamespaceLog, halted: Promise<never>): Promise<void> {
  const ending = new AbortController();
  const signal = AbortSignal.any([plan.context.signal, ending.signal]);
  const source = runSource(plan, opened, signal);
  try {
    await Promise.race([halted, source]);
  } finally {
    ending.abort();
    // Nothing of it is at work any more when the log closes. How it failed has been told, here or by what failed first.
    await source.catch(() => undefined);
  }
}

/** A source that has ended leaves the page open. */
async function runSource({ context, open }: Plan, opened: NamespaceLog, signal: AbortSignal): Promise<void> {
  const outcome = await open(opened).run(signal);
  if (outcome.kind === 'stopped') return;
  context.out.say(`the source has ended after ${outcome.records} quotes; Ctrl-C ends`);
  await untilAborted(signal);
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
