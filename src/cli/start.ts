import type { IngestSource } from '../streams/1-ingest/ingest-source.ts';
import { untilAborted } from '../streams/clock/until-aborted.ts';
import type { Context } from './context.ts';
import { demoContext, demoSource } from './demo.ts';
import { holdsQuotes } from './holds-quotes.ts';
import { type IngestCommandOptions, ingestOptions, openSource } from './ingest.ts';
import { type NamespaceLog, openToWrite } from './namespace-log.ts';
import { createProgress } from './progress.ts';
import { reachCoingecko } from './reachable.ts';
import { startWork } from './work.ts';
import { startWeb } from './web.ts';

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
 * `pulse start`: source, stages and page in one process, until stopped. With no source named, CoinGecko; where that can't
 * be reached, what the namespace holds and further tries; where it holds nothing, the recorded market in the namespace
 * `demo`, afresh.
 */
export async function startCommand(context: Context, options: StartOptions): Promise<void> {
  const plan = await planOf(context, options);
  const opened = await openToWrite(plan.context);
  try {
    const processing = await startWork(plan.context, opened, options.workers);
    try {
      const server = await startWeb(plan.context, opened.log);
      try {
        await context.out.result(plan.saying);
        await context.out.result(`the page is at ${server.url}`);
        await play(plan, opened, processing.halted);
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
  const unreachable = options.source === undefined && (await reachCoingecko(context)).kind === 'unreachable';
  if (unreachable && !(await holdsQuotes(context)))
    return {
      context: await demoContext(context),
      open: (opened) => demoSource(context, opened),
      saying:
        'CoinGecko can’t be reached from here and there is no data yet: playing the recorded market of December 2023 ' +
        'in the namespace demo, an hour every few seconds; these are no live prices',
    };
  const wanted = { again: false, seed: '1', coins: 250, skew: 0, speed: 1, ...options, source };
  const progress = createProgress(context.out, source);
  return {
    context,
    open: (opened) => openSource(context, wanted, ingestOptions(context, opened, progress)),
    saying: unreachable
      ? 'CoinGecko can’t be reached from here: showing what the namespace holds, and trying again'
      : source === 'coingecko'
        ? 'polling CoinGecko'
        : `playing the ${source} market`,
  };
}
