import { rfc3339Ms } from './rfc3339-ms.ts';
import type { SourceRecord } from './source-record.ts';

/** A usable tick. Times are milliseconds since the epoch; 0 and absent figures are null already. */
export interface OracleTick {
  readonly coinId: string;
  readonly eventTs: number;
  readonly observedAt: number;
  readonly price: number;
  readonly marketCap: number | null;
  readonly volume: number | null;
}

/** Why a record is set aside. */
export type DeadLetterReason =
  'not-json' | 'not-an-object' | 'no-id' | 'bad-id' | 'bad-observed-at' | 'bad-date' | 'future' | 'bad-price';

/** What a record comes to. */
export type Verdict =
  | { readonly kind: 'tick'; readonly tick: OracleTick }
  | { readonly kind: 'no-quote' }
  | { readonly kind: 'dead-letter'; readonly reason: DeadLetterReason };

const MAX_ENCODED_ID = 240;
const MAX_AHEAD_MS = 5 * 60_000;

const noQuote: Verdict = { kind: 'no-quote' };
const deadLetter = (reason: DeadLetterReason): Verdict => ({ kind: 'dead-letter', reason });
const isMissing = (value: unknown): value is null | undefined => value === null || value === undefined;

/** Judges one record by the table of design section 5, the first rule that applies deciding. */
export function classifyRecord(record: SourceRecord): Verdict {
  if (record.value === null) return deadLetter('not-json');
  let quote: unknown;
  try {
    quote = JSON.parse(record.value.toString('utf8'));
  } catch {
    return deadLetter('not-json');
  }
  if (typeof quote !== 'object' || quote === null || Array.isArray(quote)) return deadLetter('not-an-object');
  return classifyQuote(new Map(Object.entries(quote)), record);
}

function classifyQuote(quote: ReadonlyMap<string, unknown>, record: SourceRecord): Verdict {
  const coinId = quote.get('id');
  if (typeof coinId !== 'string' || coinId === '') return deadLetter('no-id');
  if (/\p{Surrogate}/u.test(coinId) || coinId === '__HIVE_DEFAULT_PARTITION__') return deadLetter('bad-id');
  // As encodeURIComponent has it, which lets five characters more stand as they are.
  if (encodeURIComponent(coinId).replace(/[!'()*~]/g, '%xx').length > MAX_ENCODED_ID) return deadLetter('bad-id');

  const header = record.headers['observed_at'];
  const observedAt = header === undefined ? record.timestamp : rfc3339Ms(header);
  if (observedAt === undefined) return deadLetter('bad-observed-at');

  const updated = quote.get('last_updated');
  if (isMissing(updated)) return noQuote;
  const eventTs = typeof updated === 'string' ? rfc3339Ms(updated) : undefined;
  if (eventTs === undefined) return deadLetter('bad-date');
  if (eventTs > observedAt + MAX_AHEAD_MS) return deadLetter('future');

  const price = quote.get('current_price');
  if (isMissing(price)) return noQuote;
  if (typeof price !== 'number' || !Number.isFinite(price) || price <= 0) return deadLetter('bad-price');

  const marketCap = figureOf(quote.get('market_cap'));
  const volume = figureOf(quote.get('total_volume'));
  return { kind: 'tick', tick: { coinId, eventTs, observedAt, price, marketCap, volume } };
}

function figureOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value !== 0 ? value : null;
}
