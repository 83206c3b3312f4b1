import { formatRfc3339 } from '../../rfc3339.ts';
import type { IngestReporter } from '../ingest-reporter.ts';
import type { BackfillProgress } from './backfill.ts';

/** Puts what the polls and the backfill say of themselves into one report. */
export class RunStatus {
  private readonly reporter: IngestReporter;
  private failing: string | null = null;
  private unknown: string | null = null;
  private backfilling: string | null = null;
  private polled = 0;
  private backfilled = 0;

  constructor(reporter: IngestReporter) {
    this.reporter = reporter;
  }

  /** How many records were published. */
  get records(): number {
    return this.polled + this.backfilled;
  }

  /** A poll worked; `fetchedAt` in milliseconds since the epoch. */
  succeeded(fetchedAt: number, records: number): void {
    this.polled += records;
    this.failing = null;
    this.reporter.update({ last_success_at: formatRfc3339(fetchedAt) });
    this.report();
  }

  /** A poll, or an attempt of one, failed. */
  failed(why: string): void {
    this.failing = why;
    this.report();
  }

  /** Some of the coins that are polled don't exist; returns the sentence that says so. */
  unknownCoins(ids: readonly string[]): string {
    this.unknown = `CoinGecko knows no coin ${ids.map((id) => `'${id}'`).join(', ')}.`;
    this.report();
    return this.unknown;
  }

  backfillProgressed({ coins, done, records }: BackfillProgress): void {
    this.backfilled = records;
    this.backfilling = `Backfilling the past: ${done} of ${coins} coins.`;
    this.reporter.update({ progress: done / coins });
    this.report();
  }

  backfillEnded(): void {
    this.backfilling = null;
    this.reporter.update({ progress: null });
    this.report();
  }

  private report(): void {
    const said = [this.failing, this.unknown, this.backfilling].filter((part) => part !== null);
    const message = said.length === 0 ? null : said.join(' ');
    this.reporter.update({ state: this.failing === null ? 'running' : 'failing', message, records: this.records });
  }
}
