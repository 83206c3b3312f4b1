import type { EventTimeMs } from '../time.ts';

/** A usable quote. Times are milliseconds since the epoch. */
export interface Tick {
  readonly kind: 'tick';
  readonly coinId: string;
  /** The quote's `last_updated`. */
  readonly eventTs: EventTimeMs;
  /** When the quote was seen to be the latest. */
  readonly observedAt: number;
  /** Finite and above 0. */
  readonly price: number;
  /** Finite and not 0; null where the quote has no such figure. */
  readonly marketCap: number | null;
  /** As `marketCap`. */
  readonly volume: number | null;
}

/** A quote of a coin that has none at present: kept in Bronze, counted, not in Silver. */
export interface NoQuote {
  readonly kind: 'no-quote';
  readonly reason: 'no-last-updated' | 'no-price';
}

/** Why a record goes to the dead letters. */
export type RejectReason =
  'not-json' | 'not-an-object' | 'no-id' | 'bad-id' | 'bad-observed-at' | 'bad-date' | 'future' | 'bad-price';

/** A record that can't be used. `error` is one line for a person. */
export interface Rejected {
  readonly kind: 'rejected';
  readonly reason: RejectReason;
  readonly error: string;
}

/** What a record of `coingecko.markets` says. */
export type QuoteOutcome = Tick | NoQuote | Rejected;
