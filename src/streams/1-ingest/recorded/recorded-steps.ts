import type { IngestOptions } from '../ingest-source.ts';
import { MarketRecords } from '../market-records.ts';
import { PacedSteps, type PacedStep, type TimedRecord } from '../pace/paced-steps.ts';
import { Playback, type Pace } from '../pace/playback.ts';
import type { RecordingFile } from './recording-file.ts';
import { recordedQuotes, type ReadingOptions } from './recorded-quotes.ts';
import { RecordedRecords } from './recorded-records.ts';

/** Turns a recording into the steps in which it is published. */
export class RecordedSteps {
  private readonly options: IngestOptions & Pace & ReadingOptions;
  private readonly file: RecordingFile;
  private readonly paced: PacedSteps;
  private readonly records: RecordedRecords;

  constructor(options: IngestOptions & Pace & ReadingOptions, file: RecordingFile) {
    this.options = options;
    this.file = file;
    this.paced = new PacedSteps(options.scheduler, new Playback(options));
    this.records = new RecordedRecords(new MarketRecords(options));
  }

  /** The steps behind the first `published` quotes, each when it is due; they end early when the signal aborts. */
  async *after(published: number, signal: AbortSignal): AsyncGenerator<PacedStep> {
    const { logger, quoteLimitBytes } = this.options;
    let toSkip = published;
    let cutOff = 0;
    for await (const batch of recordedQuotes(this.file, this.options)) {
      if (signal.aborted) return;
      const skipped = batch.quotes.slice(0, toSkip);
      toSkip -= skipped.length;
      this.skip(skipped);
      yield* this.paced.due(this.timed(batch.quotes, skipped.length), batch.release, signal);
      cutOff = batch.cutOff;
      if (batch.isUnfinished === true)
        logger?.warn(`${this.file.name}: the array has no end: the file may have been cut off.`);
    }
    if (cutOff === 0) return;
    const what = `quotes longer than ${quoteLimitBytes} bytes were published cut off, and will be dead letters`;
    logger?.warn(`${this.file.name}: ${cutOff} ${what}.`);
  }

  /** Only the recording's first time is needed of what was published before. */
  private skip(quotes: readonly Buffer[]): void {
    for (let at = 0; at < quotes.length && this.paced.reached === undefined; at++) {
      const quote = quotes[at];
      const time = quote === undefined ? undefined : this.records.of(quote).time;
      if (time !== undefined) this.paced.skip(time);
    }
  }

  /** Made when it is asked for: what reads them is used again for the next. */
  private *timed(quotes: readonly Buffer[], from: number): Generator<TimedRecord> {
    for (let at = from; at < quotes.length; at++) {
      const quote = quotes[at];
      if (quote !== undefined) yield this.records.of(quote);
    }
  }
}
