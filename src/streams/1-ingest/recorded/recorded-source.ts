import { counted } from '../../../counted.ts';
import { IngestReporter } from '../ingest-reporter.ts';
import { IngestSession } from '../ingest-session.ts';
import type { IngestOptions, IngestOutcome, IngestSource } from '../ingest-source.ts';
import type { Pace } from '../pace/playback.ts';
import { RecordedPlayer } from './recorded-player.ts';
import { type RecordedRun, runOf } from './recorded-run.ts';
import { RecordedSteps } from './recorded-steps.ts';
import type { ReadingOptions } from './recorded-quotes.ts';
import { openRecordingFile, type RecordingFile } from './recording-file.ts';

/** What a recorded source is built with. */
export interface RecordedOptions extends IngestOptions, Pace, Partial<ReadingOptions> {
  /** NDJSON or a JSON array of `/coins/markets` elements, plain or gzip. */
  readonly path: string;
  /** Publish a file again that was ingested to its end before; a run that was interrupted goes on first. */
  readonly again: boolean;
  /** A sentence for whoever watches, while it plays. */
  readonly note?: string;
}

const PACED_CHUNK_BYTES = 16 << 10;

const defaults: ReadingOptions = {
  chunkBytes: 4 << 20,
  // Leaves room for key and headers in the 1 MiB that Kafka takes unless told otherwise.
  quoteLimitBytes: 1_000_000,
};

/**
 * Plays a file into `coingecko.markets`, every quote with its bytes as they are. The file is known by its hash, and the
 * position commits with the records: a run that was interrupted goes on exactly where it was.
 *
 * Rejects with `file-unreadable`, also where a file breaks off: what came before that is published.
 */
export function recordedSource(options: RecordedOptions): IngestSource {
  // `again` begins one run of the file, however often that is interrupted, were it behind its last commit.
  const begun = new Map<string, RecordedRun>();
  return {
    async run(signal) {
      const file = await openRecordingFile(options.path);
      try {
        return await playFile(options, file, begun, signal);
      } finally {
        await file.close();
      }
    },
  };
}

async function playFile(
  options: RecordedOptions,
  file: RecordingFile,
  begun: Map<string, RecordedRun>,
  signal: AbortSignal,
): Promise<IngestOutcome> {
  const session = await IngestSession.open(options, 'recorded');
  const speed = options.speed === 'max' ? null : options.speed;
  const run = runOf(session, file.sha256, options.again, begun.get(file.sha256));
  begun.set(file.sha256, run);
  const message = options.note ?? null;
  const reporter = new IngestReporter(options, 'recorded', { state: 'running', speed, records: run.records, message });
  try {
    // A paced recording is read in small pieces: what has been read is what its progress goes by.
    const chunkBytes = speed === null ? defaults.chunkBytes : PACED_CHUNK_BYTES;
    const steps = new RecordedSteps({ ...defaults, chunkBytes, ...options }, file);
    const outcome = await new RecordedPlayer({ file, run, steps, session, reporter, isPaced: speed !== null }).play(
      signal,
    );
    await reporter.end({ records: outcome.records, message: endMessage(file.name, outcome, options.note) });
    return outcome;
  } catch (error) {
    await reporter.fail(error);
    throw error;
  } finally {
    await session.close();
  }
}

function endMessage(name: string, { kind, records }: IngestOutcome, note: string | undefined): string {
  const before = note === undefined ? '' : `${note} `;
  switch (kind) {
    case 'finished':
      return `${before}The recording ${name} has ended after ${counted(records, 'quote')}.`;
    case 'already-finished':
      return `${before}The recording ${name} was ingested before, all ${counted(records, 'quote')} of it; --again repeats it.`;
    case 'stopped':
      return `${before}The recording ${name} was stopped after ${counted(records, 'quote')}; it goes on from there.`;
  }
}
