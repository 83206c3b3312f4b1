import type { OutputRecord } from '../../log/log.ts';
import type { IngestOptions } from '../ingest-source.ts';
import { MarketRecords } from '../market-records.ts';
import { sleepOn } from '../../clock/sleep.ts';
import { Playback, type Pace } from './playback.ts';
import { ReachedTime } from './reached-time.ts';
import type { RecordingFile } from './recording-file.ts';
import { type QuoteBatch, recordedQuotes, type ReadingOptions } from './recorded-quotes.ts';
import { RecordedRecords } from './recorded-records.ts';

/** A paced recording is published in steps of at least this, so that every quote doesn't cost a commit. */
const SHORTEST_WAIT_MS = 200;

/** Records that are due together. */
export interface RecordedStep {
  readonly records: readonly OutputRecord[];
  /** The event time reached so far. */
  readonly reachedTime: number | undefined;
  /** To be called once they are committed: their memory is used for others. */
  readonly release: () => void;
}

/** Turns a recording into the steps in which it is published. */
export class RecordedSteps {
  private readonly options: IngestOptions & Pace & ReadingOptions;
  private readonly file: RecordingFile;
  private readonly playback: Playback;
  private readonly records: RecordedRecords;
  private readonly reachedTime = new ReachedTime();

  constructor(options: IngestOptions & Pace & ReadingOptions, file: RecordingFile) {
    this.options = options;
    this.file = file;
    this.playback = new Playback(options);
    this.records = new RecordedRecords(new MarketRecords(options));
  }

  /** The steps behind the first `published` quotes, each when it is due; they end early when the signal aborts. */
  async *after(published: number, signal: AbortSignal): AsyncGenerator<RecordedStep> {
    const { logger, quoteLimitBytes } = this.options;
    let toSkip = published;
    let cutOff = 0;
    for await (const batch of recordedQuotes(this.file, this.options)) {
      if (signal.aborted) return;
      const skipped = batch.quotes.slice(0, toSkip);
      toSkip -= skipped.length;
      this.skip(skipped);
      yield* this.due(batch, skipped.length, signal);
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
    for (let at = 0; at < quotes.length && this.reachedTime.reached === undefined; at++) {
      const quote = quotes[at];
      const time = quote === undefined ? undefined : this.records.of(quote).time;
      if (time !== undefined) this.reachedTime.take(time, false);
    }
    if (this.reachedTime.reached !== undefined) this.playback.skip(this.reachedTime.reached);
  }

  private async *due({ quotes, release }: QuoteBatch, from: number, signal: AbortSignal): AsyncGenerator<RecordedStep> {
    const { scheduler, speed } = this.options;
    const isPaced = speed !== 'max';
    let now = scheduler.now();
    let records: OutputRecord[] = [];
    for (let at = from; at < quotes.length; at++) {
      const quote = quotes[at];
      if (quote === undefined) continue;
      const { record, time } = this.records.of(quote);
      const wait = time === undefined ? 0 : this.playback.delay(time, now);
      if (wait > 0) {
        // The rest of the batch is in the same memory.
        if (records.length > 0) yield { records, reachedTime: this.reachedTime.reached, release: () => undefined };
        records = [];
        await sleepOn(scheduler)(Math.max(wait, SHORTEST_WAIT_MS), signal);
        if (signal.aborted) return;
        now = scheduler.now();
      }
      if (time !== undefined) this.reachedTime.take(time, isPaced || time > now);
      records.push(record);
    }
    if (records.length > 0) yield { records, reachedTime: this.reachedTime.reached, release };
  }
}
