import type { SchedulerLike } from 'rxjs';
import type { Log } from '../log/log.ts';
import type { IngestReport } from '../task/reports.ts';
import type { Namespace } from '../topics.ts';

/** Where an ingest says what a person should know. The messages never hold a key. */
export interface IngestLogger {
  info(message: string): void;
  warn(message: string): void;
}

/** What every source of quotes is built with. The namespace's topics must be there. */
export interface IngestOptions {
  readonly log: Log;
  readonly namespace: Namespace;
  /** How many partitions `coingecko.markets` has in this namespace. */
  readonly partitions: number;
  /** The quotes of hot coins are dealt out over all partitions; the tables don't depend on it. */
  readonly spread?: boolean;
  readonly scheduler: SchedulerLike;
  readonly logger?: IngestLogger;
  /** Called with each report as it goes to `pulse.tasks`. */
  readonly onProgress?: (report: IngestReport) => void;
}

/** How a run of a source ended. */
export type IngestOutcome =
  /** The source's end was reached; `records` counts those of all runs that it took. */
  | { readonly kind: 'finished'; readonly records: number }
  /** A finite source whose end had been reached by an earlier run: nothing was published. */
  | { readonly kind: 'already-finished'; readonly records: number }
  /** The signal stopped it; everything it had published is committed. */
  | { readonly kind: 'stopped'; readonly records: number };

/** A source of quotes, to be run once. */
export interface IngestSource {
  /**
   * Publishes until the end or until the signal aborts, which is no error. Rejects with `wrong-namespace-kind` before
   * anything is published where the namespace holds quotes of the other kind, with `fenced` when another run of the same
   * source takes over, and with what the source itself documents.
   */
  run(signal: AbortSignal): Promise<IngestOutcome>;
}
