import { excerpt } from '../json/excerpt.ts';
import { FieldScanner } from '../json/field-scanner.ts';
import { PlainStrings } from '../json/plain-strings.ts';
import { timeValue } from '../json/time-value.ts';
import type { LogRecord } from '../log/record.ts';
import { parseRfc3339 } from '../rfc3339.ts';
import type { NoQuote, QuoteOutcome, Rejected, RejectReason } from './quote-outcome.ts';

/** The places of the fields in the scanner. */
const FIELDS = ['id', 'last_updated', 'current_price', 'market_cap', 'total_volume'];
const ID = 0;
const LAST_UPDATED = 1;
const PRICE = 2;
const MARKET_CAP = 3;
const VOLUME = 4;

/**
 * The most characters of a coin id as a folder of the lake names it: percent-encoded. A file system takes no more, and of
 * the readers polars goes by the folder's name.
 */
const LONGEST_NAME = 240;
/** So many bytes of UTF-8 are no more than that, whatever they are. */
const SHORT_ID = LONGEST_NAME / 3;
/** How the folder of a null is named: readers take a coin of this name for none. */
const NAME_OF_NULL = '__HIVE_DEFAULT_PARTITION__';
/** With the flag u it matches only a surrogate that is not half of a pair. */
const LONE_SURROGATE = /\p{Surrogate}/u;

const NO_LAST_UPDATED: NoQuote = { kind: 'no-quote', reason: 'no-last-updated' };
const NO_PRICE: NoQuote = { kind: 'no-quote', reason: 'no-price' };

/** How quotes are judged. */
export interface QuoteParserOptions {
  /** How far the event time may lie after the observed at, inclusive. */
  readonly futureToleranceMs: number;
}

/**
 * Makes the function that says what a record of `coingecko.markets` is. Bad data is a value: it never throws. The first
 * of these that applies decides:
 *
 * 1. the value is null or not JSON: `not-json`; no object: `not-an-object`;
 * 2. `id` is absent, no string, or empty: `no-id`; longer than 240 characters when it is percent-encoded,
 *    with a lone surrogate, or what Hive calls a null: `bad-id`;
 * 3. the header `observed_at` is no RFC 3339 time: `bad-observed-at` (where it is absent, the record's timestamp counts);
 * 4. `last_updated` is absent or null: no quote; anything but an RFC 3339 time: `bad-date`; too far ahead: `future`;
 * 5. `current_price` is absent or null: no quote; no number, not finite, or not above 0: `bad-price`;
 * 6. a tick, whose market cap and volume are null where they are 0 or no finite number.
 */
export function createQuoteParser(options: QuoteParserOptions): (record: LogRecord) => QuoteOutcome {
  const parser = new QuoteParser(options.futureToleranceMs);
  return (record) => parser.parse(record);
}

class QuoteParser {
  private readonly futureToleranceMs: number;
  private readonly scanner = new FieldScanner(FIELDS);
  private readonly coinIds = new PlainStrings();

  constructor(futureToleranceMs: number) {
    this.futureToleranceMs = futureToleranceMs;
  }

  parse(record: LogRecord): QuoteOutcome {
    const { value } = record;
    if (value === null) return rejected('not-json', 'the value is null');
    const text = this.scanner.scan(value);
    if (text === 'malformed') return rejected('not-json', this.whereMalformed(value));
    if (text === 'other') return rejected('not-an-object', `the value is no object: ${excerpt(value)}`);
    const coinId = this.coinId();
    if (typeof coinId !== 'string') return coinId;
    const observedAt = observedAtOf(record);
    if (typeof observedAt !== 'number') return observedAt;
    const eventTs = this.eventTs(observedAt);
    if (typeof eventTs !== 'number') return eventTs;
    const price = this.price();
    if (typeof price !== 'number') return price;
    const marketCap = this.figure(MARKET_CAP);
    return { kind: 'tick', coinId, eventTs, observedAt, price, marketCap, volume: this.figure(VOLUME) };
  }

  private coinId(): string | Rejected {
    const { scanner } = this;
    if (scanner.kind(ID) !== 'string') return rejected('no-id', `id is ${this.said(ID)}, no string`);
    const [start, end] = [scanner.start(ID) + 1, scanner.end(ID) - 1];
    if (start === end) return rejected('no-id', 'id is empty');
    const known = end - start <= SHORT_ID ? this.coinIds.find(scanner.bytes, start, end) : undefined;
    if (known !== undefined && known !== NAME_OF_NULL) return known;
    const coinId = scanner.string(ID);
    const length = encodedLength(coinId);
    if (length > LONGEST_NAME)
      return rejected('bad-id', `id has ${length} characters when encoded, over ${LONGEST_NAME}: ${this.said(ID)}`);
    if (coinId === NAME_OF_NULL) return rejected('bad-id', `id is what readers of the lake take for null: ${coinId}`);
    if (LONE_SURROGATE.test(coinId)) return rejected('bad-id', `id has a lone surrogate: ${this.said(ID)}`);
    return coinId;
  }

  private eventTs(observedAt: number): number | Rejected | NoQuote {
    const kind = this.scanner.kind(LAST_UPDATED);
    if (kind === 'absent' || kind === 'null') return NO_LAST_UPDATED;
    const eventTs = timeValue(this.scanner, LAST_UPDATED);
    if (eventTs === undefined) {
      return rejected('bad-date', `last_updated is no RFC 3339 time: ${this.said(LAST_UPDATED)}`);
    }
    const ahead = eventTs - observedAt;
    if (ahead <= this.futureToleranceMs) return eventTs;
    const seconds = Math.ceil(ahead / 1000);
    return rejected('future', `last_updated is ${seconds} s after observed_at: ${this.said(LAST_UPDATED)}`);
  }

  private price(): number | Rejected | NoQuote {
    const kind = this.scanner.kind(PRICE);
    if (kind === 'absent' || kind === 'null') return NO_PRICE;
    const price = kind === 'number' ? this.scanner.number(PRICE) : NaN;
    if (price > 0 && price < Infinity) return price;
    return rejected('bad-price', `current_price is no finite number above 0: ${this.said(PRICE)}`);
  }

  /** A figure that a quote may lack: CoinGecko says 0 where it knows none. */
  private figure(field: number): number | null {
    if (this.scanner.kind(field) !== 'number') return null;
    const value = this.scanner.number(field);
    return value !== 0 && Number.isFinite(value) ? value : null;
  }

  /** A field's value, as it is written. */
  private said(field: number): string {
    const { scanner } = this;
    return scanner.kind(field) === 'absent'
      ? 'absent'
      : excerpt(scanner.bytes, scanner.start(field), scanner.end(field));
  }

  private whereMalformed(value: Buffer): string {
    const at = this.scanner.malformedAt;
    if (at === value.length) return `JSON that ends too early, after ${at} bytes: ${excerpt(value)}`;
    return `no JSON at byte ${at}, from here on: ${excerpt(value, at)}`;
  }
}

/** When the quote was observed: the header `observed_at`, or the record's timestamp where there is none. */
function observedAtOf(record: LogRecord): number | Rejected {
  const header = record.header('observed_at');
  if (header === undefined) return record.timestamp;
  const observedAt = parseRfc3339(header);
  return observedAt ?? rejected('bad-observed-at', `the header observed_at is no RFC 3339 time: ${excerpt(header)}`);
}

function rejected(reason: RejectReason, error: string): Rejected {
  return { kind: 'rejected', reason, error };
}

/** Each byte of UTF-8 but for letters, digits, `.`, `-` and `_` takes three characters. */
const encodedLength = (id: string): number => Buffer.byteLength(id.replace(/[^A-Za-z0-9_.-]/gu, bytesThrice));

const bytesThrice = (text: string): string => '%xx'.repeat(Buffer.byteLength(text));
