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

/** The source as the command line names it. */
export function openSource(context: Context, options: IngestCommandOptions, common: IngestOptions): IngestSource {
  switch (options.source) {
    case 'recorded':
      return recordedSource({
        ...common,
        path: options.file ?? '',
        again: options.again,
        speed: options.speed,
        fastForwardMs: 0,
      });
    default:
      throw new PulseError('usage', 'not yet');
  }
}

function refuseMisuse({ source, file, again }: IngestCommandOptions): void {
  if (source === 'recorded' && file === undefined)
    throw new PulseError('usage', '--source recorded needs the file to play: --file F');
  if (source !== 'recorded' && file !== undefined) throw new PulseError('usage', '--file goes with --source recorded');
  if (source !== 'recorded' && again) throw new PulseError('usage', '--again goes with --source recorded');
}

function outcomeText({ source, file }: IngestCommandOptions, { kind, records }: IngestOutcome): string {
  const what = file ?? source;
  switch (kind) {
    case 'finished':
      return `${what}: all ${records} quotes are in`;
    case 'already-finished':
      return `${what}: all ${records} quotes were in before; --again ingests them once more`;
    case 'stopped':
      return `${what}: stopped after ${records} quotes; the same command goes on from there`;
  }
}
