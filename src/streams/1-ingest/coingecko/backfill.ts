import { formatRfc3339 } from '../../rfc3339.ts';
import type { OutputRecord } from '../../log/log.ts';
import type { IngestSession, SourcePosition } from '../ingest-session.ts';
import type { IngestLogger } from '../ingest-source.ts';
import type { MarketRecords } from '../market-records.ts';
import type { CoingeckoClient, Fetched } from './coingecko-client.ts';
import { chartQuotes, type ListedCoin, type PastQuote } from './market-chart.ts';
import { SourceError } from './source-error.ts';

/** What a backfill is made of. */
export interface BackfillParts {
  readonly client: CoingeckoClient;
  readonly session: IngestSession;
  readonly records: MarketRecords;
  readonly vsCurrency: string;
  /** How many days back; 1 to 90, for which CoinGecko gives hourly points (5-minutely ones for 1). */
  readonly days: number;
  readonly logger?: IngestLogger | undefined;
  /** Called after each coin, also of those that were done before. */
  readonly onProgress: (progress: BackfillProgress) => void;
}

/** How far a backfill has come. */
export interface BackfillProgress {
  readonly coins: number;
  readonly done: number;
  /** Those among `done` that gave nothing. */
  readonly failed: number;
  readonly records: number;
}

const ATTEMPTS = 4;
/** So many refusals on end are no matter of single coins any more. */
const REFUSALS_ON_END = 3;

/**
 * Publishes the past of each coin, in the order given, from `/coins/{id}/market_chart`: a coin at a time, in one
 * transaction with the position that says it is done, so that another run goes on with the coins that are missing. A coin
 * that fails costs a warning; it is tried again by the next run.
 *
 * `observed_at` is the time of the fetch: what is known of an hour by then is known of it, so the hours that are over
 * become final, and a live quote of the same event time that was observed later wins.
 */
export async function backfill(
  coins: readonly ListedCoin[],
  parts: BackfillParts,
  signal: AbortSignal,
): Promise<BackfillProgress> {
  let progress: BackfillProgress = { coins: coins.length, done: 0, failed: 0, records: 0 };
  let refused = 0;
  for (const coin of coins) {
    const outcome = isDone(coin, parts) ? 0 : await attempt(coin, parts, signal);
    if (signal.aborted) break;
    const failed = outcome instanceof Error;
    progress = {
      ...progress,
      done: progress.done + 1,
      failed: progress.failed + (failed ? 1 : 0),
      records: progress.records + (failed ? 0 : outcome),
    };
    parts.onProgress(progress);
    if (failed) parts.logger?.warn(`No backfill of ${coin.id}: ${outcome.message}`);
    refused = failed && outcome.code === 'source-rejected' && outcome.status !== 404 ? refused + 1 : 0;
    if (refused === REFUSALS_ON_END) {
      parts.logger?.warn(`The backfill is given up after ${refused} refusals on end; the polls go on.`);
      break;
    }
  }
  return progress;
}

/** How many records the coin gave; a failed fetch is a value, since it doesn't stop the rest. */
async function attempt(coin: ListedCoin, parts: BackfillParts, signal: AbortSignal): Promise<number | SourceError> {
  const { client, vsCurrency, days, session } = parts;
  try {
    const fetched = await client.marketChart(coin.id, vsCurrency, days, { signal, attempts: ATTEMPTS });
    const found = chartQuotes(coin, fetched.json, fetched.fetchedAt);
    if (found.kind === 'unusable') return new SourceError('source-unavailable', `its chart ${found.why}.`);
    const records = found.quotes.map((quote) => recordOf(coin, quote, fetched, parts.records));
    await session.commit(records, positionOf(coin, days, records.length, fetched.fetchedAt));
    return records.length;
  } catch (error) {
    if (error instanceof SourceError) return error;
    if (signal.aborted && error === signal.reason) return 0;
    throw error;
  }
}

function recordOf(coin: ListedCoin, quote: PastQuote, fetched: Fetched, records: MarketRecords): OutputRecord {
  const at = formatRfc3339(fetched.fetchedAt);
  const value = Buffer.from(quote.json);
  const headers = { observed_at: at, fetched_at: at, source: 'backfill' as const };
  if (quote.pointAt === undefined) return records.record(coin.id, value, headers);
  return records.record(coin.id, value, { ...headers, point_at: formatRfc3339(quote.pointAt) });
}

const keyOf = (coin: ListedCoin): string => `backfill|${coin.id}`;

const positionOf = (coin: ListedCoin, days: number, records: number, fetchedAt: number): SourcePosition => ({
  key: keyOf(coin),
  value: { source: 'backfill', coin: coin.id, days, records, fetched_at: formatRfc3339(fetchedAt) },
});

/** A coin is done again only where more days are wanted than it has. */
function isDone(coin: ListedCoin, { session, days }: BackfillParts): boolean {
  const position = session.position(keyOf(coin));
  if (typeof position !== 'object' || position === null || !('days' in position)) return false;
  return typeof position.days === 'number' && position.days >= days;
}
