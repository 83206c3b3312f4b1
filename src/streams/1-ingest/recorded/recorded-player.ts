import { formatRfc3339 } from '../../rfc3339.ts';
import { commitBehind } from '../commit-behind.ts';
import type { IngestReporter } from '../ingest-reporter.ts';
import type { IngestSession } from '../ingest-session.ts';
import type { IngestOutcome } from '../ingest-source.ts';
import type { RecordingFile } from './recording-file.ts';
import { positionOf, type RecordedRun } from './recorded-run.ts';
import type { PacedStep } from '../pace/paced-steps.ts';
import type { RecordedSteps } from './recorded-steps.ts';

/** What one run of a recording needs. */
export interface PlayerParts {
  readonly file: RecordingFile;
  readonly run: RecordedRun;
  readonly steps: RecordedSteps;
  readonly session: IngestSession;
  readonly reporter: IngestReporter;
  /** Played at a pace: what has been read of the file is then no measure of what has been published. */
  readonly isPaced: boolean;
}

/** Publishes a recording from where its run stands; the position commits with each step's records. */
export class RecordedPlayer {
  private readonly parts: PlayerParts;
  private run: RecordedRun;

  constructor(parts: PlayerParts) {
    this.parts = parts;
    this.run = parts.run;
  }

  async play(signal: AbortSignal): Promise<IngestOutcome> {
    if (this.run.isDone) {
      this.parts.reporter.update({ progress: 1 });
      return { kind: 'already-finished', records: this.run.records };
    }
    await commitBehind(this.parts.steps.after(this.run.records, signal), (step) => this.commit(step));
    if (signal.aborted) return { kind: 'stopped', records: this.run.records };
    this.run = { ...this.run, isDone: true };
    await this.parts.session.commit([], positionOf(this.run, this.parts.file.name));
    this.parts.reporter.update({ progress: 1 });
    return { kind: 'finished', records: this.run.records };
  }

  private async commit({ records, reachedTime, release }: PacedStep): Promise<void> {
    const { file, session, reporter, isPaced } = this.parts;
    const run = { ...this.run, records: this.run.records + records.length };
    this.run = run;
    // Whoever sees it all read has not seen the end committed.
    const progress = isPaced ? null : Math.min(file.readBytes / file.sizeBytes, 0.999);
    await session.commit(records, positionOf(run, file.name));
    release();
    const event_time = reachedTime === undefined ? null : formatRfc3339(reachedTime);
    reporter.update({ records: run.records, event_time, progress });
  }
}
