import type { LogRecord } from '../../log/record.ts';

/** Where a quote comes in a history that is played: by when it was seen, then by where it lies. */
export interface QuotePlace {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly partition: number;
  readonly offset: number;
}

/** A quote of a history, and its place. */
export interface HistoryQuote extends QuotePlace {
  readonly record: LogRecord;
}

/** Negative where `a` comes before `b`; 0 of one quote alone. */
export const comparePlaces = (a: QuotePlace, b: QuotePlace): number =>
  a.time - b.time || a.partition - b.partition || a.offset - b.offset;
