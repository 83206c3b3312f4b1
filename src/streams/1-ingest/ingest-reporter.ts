import { PulseError } from '../../errors.ts';
import { formatRfc3339 } from '../rfc3339.ts';
import type { IngestReport } from '../task/reports.ts';
import { inNamespace, topics } from '../topics.ts';
import type { IngestOptions } from './ingest-source.ts';
import { kindOfSource } from './ingest-session.ts';
import { sleepOn } from '../clock/sleep.ts';

const REPORT_EVERY_MS = 1000;
const REPORTS_PARTITION = 0;

/** The parts of a report that change while a source runs. */
export type ReportedProgress = Omit<IngestReport, 'task' | 'kind' | 'source' | 'reported_at'>;

/**
 * Says how a source is doing, in `pulse.tasks` and to `onProgress`: once a second, at the start, and when it ends. A
 * report that can't be appended costs a warning, not the ingest.
 */
export class IngestReporter {
  private readonly options: IngestOptions;
  private readonly source: IngestReport['source'];
  private readonly stopping = new AbortController();
  private progress: ReportedProgress;
  private readonly running: Promise<void>;

  constructor(options: IngestOptions, source: IngestReport['source'], start: Partial<ReportedProgress> = {}) {
    this.options = options;
    this.source = source;
    this.progress = { ...atFirst, ...start };
    this.running = this.run();
  }

  /** What is reported from now on. */
  update(change: Partial<ReportedProgress>): void {
    this.progress = { ...this.progress, ...change };
  }

  /** Sends the last report, in state `ended` unless the change says otherwise. */
  async end(change: Partial<ReportedProgress> = {}): Promise<void> {
    this.update({ state: 'ended', ...change });
    this.stopping.abort();
    await this.running;
    await this.send();
  }

  /** Says why the source gave up; not where another run of it took over, which reports from now on. */
  async fail(error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof PulseError && error.code === 'fenced')) return this.end({ state: 'failing', message });
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.send();
      await sleepOn(this.options.scheduler)(REPORT_EVERY_MS, signal);
    }
  }

  private async send(): Promise<void> {
    const { log, namespace, scheduler, logger, onProgress } = this.options;
    const report = this.report(scheduler.now());
    onProgress?.(report);
    const topic = inNamespace(namespace, topics.tasks.name);
    const record = { topic, partition: REPORTS_PARTITION, key: report.task, value: JSON.stringify(report) };
    try {
      await log.append([record]);
    } catch (error) {
      logger?.warn(
        `A report of ${report.task} was not written: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  private report(now: number): IngestReport {
    const { source } = this;
    const kind = kindOfSource[source];
    return { task: `ingest|${source}`, kind, source, reported_at: formatRfc3339(now), ...this.progress };
  }
}

const atFirst: ReportedProgress = {
  state: 'starting',
  last_success_at: null,
  interval_ms: null,
  event_time: null,
  speed: null,
  records: 0,
  progress: null,
  message: null,
};
