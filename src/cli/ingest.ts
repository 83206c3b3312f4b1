import { PulseError } from '../errors.ts';
import type { IngestOptions, IngestOutcome, IngestSource } from '../streams/1-ingest/ingest-source.ts';
import { recordedSource } from '../streams/1-ingest/recorded/recorded-source.ts';
import type { Context } from './context.ts';
import { type NamespaceLog, openToWrite } from './namespace-log.ts';
import { createProgress } from './progress.ts';

export interface IngestCommandOptions {
  readonly source: 'coingecko' | 'recorded' | 'simulated';
  readonly file?: string;
  readonly speed: number | 'max';
  readonly again: boolean;
  readonly count?: number;
  readonly seed: number;
  readonly coins: number;
  readonly skew: number;
}

/** `pulse ingest`: a source into `coingecko.markets`, until its end or until stopped. */
export async function ingestCommand(context: Context, options: IngestCommandOptions): Promise<void> {
  refuseMisuse(options);
  const opened = await openToWrite(context);
  const progress = createProgress(context.out, `ingest ${options.source}`);
  try {
    const source = openSource(context, options, ingestOptions(context, opened, progress.show));
    const outcome = await source.run(context.signal);
    progress.end();
    context.out.say(outcomeText(options, outcome));
  } finally {
    progress.end();
    await opened.log.close();
  }
}

/** What every source is built with here. */
export const ingestOptions = (
  { config, clock, out }: Context,
  { log, partitions }: NamespaceLog,
  onProgress?: NonNullable<IngestOptions['onProgress']>,
): IngestOptions => ({
  log,
  namespace: config.settings.namespace,
  partitions,
  scheduler: clock,
  logger: { info: out.say, warn: out.say },
  ...(onProgress && { onProgress }),
});
