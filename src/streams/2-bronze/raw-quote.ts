/** Where a quote came from, in the header `source`. */
export type QuoteSource = 'coingecko' | 'backfill' | 'recorded' | 'simulated' | 'replay';

/** The headers of `coingecko.markets`. Times are RFC 3339 UTC with milliseconds. */
export interface QuoteHeaders {
  /** When the quote was seen to be the latest; where absent, the record's timestamp stands in. */
  readonly observed_at?: string;
  /** When the body that held it was fetched. */
  readonly fetched_at?: string;
  readonly source: QuoteSource;
  /** Backfill only: the time of the point itself, where the event time was moved into the hour before. */
  readonly point_at?: string;
}
