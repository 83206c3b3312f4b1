import type { IngestOptions } from '../ingest-source.ts';
import type { MarketSpec } from './quote-generator.ts';

/** What a simulated source is built with. */
export interface SimulatedOptions extends IngestOptions {
  readonly market: MarketSpec;
  /** How many quotes in all, over all runs; undefined: without end. */
  readonly count?: number | undefined;
  readonly quotesPerSecond: number | 'max';
}
