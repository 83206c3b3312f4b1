import process from 'node:process';
import { counted } from '../counted.ts';
import { type CoingeckoSource, coingeckoSource } from '../streams/1-ingest/coingecko/coingecko-source.ts';
import type { IngestOptions, IngestOutcome, IngestSource } from '../streams/1-ingest/ingest-source.ts';
import { persistentSource } from '../streams/1-ingest/persistent-source.ts';
import { recordedSource } from '../streams/1-ingest/recorded/recorded-source.ts';
import { simulatedSource } from '../streams/1-ingest/simulated/simulated-source.ts';
import { sleepOn } from '../streams/clock/sleep.ts';
import type { Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { type NamespaceLog, openToWrite } from './namespace-log.ts';
import { createProgress, type Progress } from './progress.ts';
import { accessOf } from './reachable.ts';
import { refuseDemo } from './refuse-demo.ts';

/** A simulated coin is quoted once in so much event time, as a polled one is. */
const POLL_MS = 60_000;
/** Where simulated time begins: the same for every run, so that a seed gives the same market. */
const SIMULATED_FROM = Date.UTC(2024, 0, 1);

export interface IngestCommandOptions {
  readonly source: 'coingecko' | 'recorded' | 'simulated';
  readonly file?: string;
  readonly speed: number | 'max';
  readonly again: boolean;
  readonly count?: number;
  readonly seed: string;
  readonly coins: number;
  readonly skew: number;
  readonly spread: boolean;
}

/** `pulse ingest`: a source into `coingecko.markets`, until its end or until stopped. */
export async function ingestCommand(context: Context, options: IngestCommandOptions): Promise<void> {
  refuseDemo(context);
  const opened = await openToWrite(context);
  const progress = createProgress(context.out, `ingest ${options.source}`);
  try {
    const source = openSource(context, options, {
      ...ingestOptions(context, opened, progress),
      spread: options.spread,
    });
    const outcome = await source.run(context.signal);
    progress.end();
    context.out.say(outcomeText(options, outcome));
    if (outcome.kind === 'stopped' && hasEnd(options)) process.exitCode = exitCodes.unfinished;
  } finally {
    progress.end();
    await opened.log.close();
  }
}

/** What every source is built with here. */
export const ingestOptions = (
  { config, clock }: Context,
  { log, partitions }: NamespaceLog,
  { logger, show }: Pick<Progress, 'logger'> & Partial<Progress>,
): IngestOptions => ({
  log,
  namespace: config.settings.namespace,
  partitions,
  scheduler: clock,
  logger,
  ...(show && { onProgress: show }),
});

/** The source as the command line names it; it goes on after whatever may pass. */
export const openSource = (context: Context, options: IngestCommandOptions, common: IngestOptions): IngestSource =>
  persistentSource(namedSource(context, options, common), sleepOn(common.scheduler), common.logger);

function namedSource(context: Context, options: IngestCommandOptions, common: IngestOptions): IngestSource {
  const { speed } = options;
  switch (options.source) {
    case 'recorded':
      return recordedSource({ ...common, path: options.file ?? '', again: options.again, speed, fastForwardMs: 0 });
    case 'simulated':
      return simulatedSource({
        ...common,
        market: {
          seed: options.seed,
          coins: options.coins,
          exponent: options.skew,
          startTime: SIMULATED_FROM,
          eventMsPerQuote: POLL_MS / options.coins,
        },
        count: options.count,
        quotesPerSecond: speed === 'max' ? speed : (speed * options.coins * 1000) / POLL_MS,
      });
    case 'coingecko':
      return openCoingecko(context, common);
  }
}

/** CoinGecko as the settings want it. */
export function openCoingecko(context: Context, common: IngestOptions): CoingeckoSource {
  const { coins, coingecko, silver } = context.config.settings;
  return coingeckoSource({
    ...common,
    access: accessOf(context),
    coins: coins.ids.length > 0 ? { kind: 'ids', ids: coins.ids } : { kind: 'top', count: coins.top },
    vsCurrency: coins.vs_currency,
    intervalMs: coingecko.interval_ms,
    timeoutMs: coingecko.timeout_ms,
    graceMs: silver.grace_ms,
    backfillDays: coingecko.backfill_days,
    random: Math.random,
  });
}

/** Whether the source ends by itself. */
const hasEnd = ({ source, count }: IngestCommandOptions): boolean =>
  source === 'recorded' || (source === 'simulated' && count !== undefined);

function outcomeText({ source, file }: IngestCommandOptions, { kind, records }: IngestOutcome): string {
  const what = file ?? source;
  switch (kind) {
    case 'finished':
      return `${what}: all ${counted(records, 'quote')} are in`;
    case 'already-finished':
      return `${what}: all ${counted(records, 'quote')} were in before; --again ingests them once more`;
    case 'stopped':
      return `${what}: stopped after ${counted(records, 'quote')}; the same command goes on from there`;
  }
}
