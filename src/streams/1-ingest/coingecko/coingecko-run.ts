import { inNamespace, topics } from '../../topics.ts';
import type { IngestReporter } from '../ingest-reporter.ts';
import type { IngestSession } from '../ingest-session.ts';
import type { IngestOptions } from '../ingest-source.ts';
import { MarketRecords } from '../market-records.ts';
import { sleepOn } from '../../clock/sleep.ts';
import { backfill, type BackfillProgress } from './backfill.ts';
import { listedCoins } from './listed-coins.ts';
import { poll, type PollSpec } from './poller.ts';
import { RunStatus } from './run-status.ts';
import { QuotePublisher, type PolledPage } from './quote-publisher.ts';
import { recentQuotes } from './recent-quotes.ts';
import { SourceError } from './source-error.ts';

/** What a run of the CoinGecko source needs. */
export interface RunParts {
  readonly options: IngestOptions & { readonly graceMs: number; readonly backfillDays: number };
  readonly spec: PollSpec;
  readonly intervalMs: number;
  readonly session: IngestSession;
  readonly reporter: IngestReporter;
}

const ATTEMPTS = 5;
/** Of all partitions: hours of polls of a hundred coins. What lies further back is published once more, no harm done. */
const RESTORED_RECORDS = 40_000;

/** One run: the polls, and the backfill beside them. */
export class CoingeckoRun {
  private readonly parts: RunParts;
  private readonly records: MarketRecords;
  private readonly publisher: QuotePublisher;
  private readonly status: RunStatus;
  private hasPolled = false;
  private backfilling: Promise<void> = Promise.resolve();

  constructor(parts: RunParts) {
    this.parts = parts;
    this.records = new MarketRecords(parts.options);
    this.publisher = new QuotePublisher(this.records, parts.options.graceMs);
    this.status = new RunStatus(parts.reporter);
  }

  /** Polls until the signal aborts; returns how many records were published. */
  async go(connected: readonly PolledPage[] | undefined, signal: AbortSignal): Promise<number> {
    const { options, intervalMs } = this.parts;
    await this.restore();
    const stop = new AbortController();
    const onStop = (): void => stop.abort(signal.reason);
    signal.addEventListener('abort', onStop);
    if (signal.aborted) onStop();
    try {
      let pages = this.isRecent(connected) ? connected : undefined;
      while (!stop.signal.aborted) {
        const startedAt = options.scheduler.now();
        await this.pollOnce(pages, stop);
        pages = undefined;
        await sleepOn(options.scheduler)(Math.max(0, startedAt + intervalMs - options.scheduler.now()), stop.signal);
      }
    } finally {
      signal.removeEventListener('abort', onStop);
      stop.abort(signal.reason);
      await this.backfilling;
    }
    return this.status.records;
  }

  private async restore(): Promise<void> {
    const { log, namespace, partitions } = this.parts.options;
    const topic = inNamespace(namespace, topics.markets.name);
    const count = Math.ceil(RESTORED_RECORDS / partitions);
    for await (const { element, observedAt } of recentQuotes(log, topic, partitions, count)) {
      this.publisher.restore(element, observedAt);
    }
  }

  private isRecent(pages: readonly PolledPage[] | undefined): boolean {
    const now = this.parts.options.scheduler.now();
    return pages?.every(({ fetchedAt }) => now - fetchedAt < this.parts.intervalMs) ?? false;
  }

  private async pollOnce(connected: readonly PolledPage[] | undefined, stop: AbortController): Promise<void> {
    const { session, spec, options } = this.parts;
    const { signal } = stop;
    try {
      const onRetry = (error: SourceError): void => this.status.failed(error.message);
      const pages = connected ?? (await poll(spec, { signal, attempts: ATTEMPTS, onRetry }));
      const records = this.publisher.publish(pages);
      await session.commit(records);
      this.succeeded(pages, records.length);
      if (!this.hasPolled) this.startBackfill(pages, stop);
      this.hasPolled = true;
    } catch (error) {
      if (signal.aborted && error === signal.reason) return;
      if (!(error instanceof SourceError)) throw error;
      if (error.code === 'source-rejected' && !this.hasPolled) throw error;
      options.logger?.warn(error.message);
      this.status.failed(error.message);
    }
  }

  private succeeded(pages: readonly PolledPage[], records: number): void {
    const fetchedAt = pages.reduce((latest, page) => Math.max(latest, page.fetchedAt), -Infinity);
    this.status.succeeded(fetchedAt, records);
    const missing = this.hasPolled ? [] : missingCoins(this.parts.spec, pages);
    if (missing.length > 0) this.parts.options.logger?.warn(this.status.unknownCoins(missing));
  }

  /** A commit of the backfill's that fails ends the run. */
  private startBackfill(pages: readonly PolledPage[], stop: AbortController): void {
    const { options, spec, session } = this.parts;
    if (options.backfillDays === 0) return;
    const coins = listedCoins(pages.flatMap(({ elements }) => elements));
    const onProgress = (progress: BackfillProgress): void => this.status.backfillProgressed(progress);
    const { client, vsCurrency } = spec;
    const { backfillDays: days, logger } = options;
    const parts = { client, vsCurrency, session, records: this.records, days, logger, onProgress };
    this.backfilling = backfill(coins, parts, stop.signal).then(({ done, failed, records }) => {
      this.status.backfillEnded();
      if (records > 0) logger?.info(`Backfilled ${done - failed} of ${coins.length} coins, with ${records} records.`);
    });
    this.backfilling.catch(() => stop.abort());
  }
}

function missingCoins({ coins }: PollSpec, pages: readonly PolledPage[]): readonly string[] {
  if (coins.kind === 'top') return [];
  const found = new Set(listedCoins(pages.flatMap(({ elements }) => elements)).map(({ id }) => id));
  return [...new Set(coins.ids)].filter((id) => !found.has(id));
}
