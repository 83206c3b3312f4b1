import { map, type OperatorFunction } from 'rxjs';
import type { RejectedRecord } from '../2-bronze/divert-rejected.ts';
import type { LogRecord } from '../log/record.ts';
import type { QuoteOutcome } from './quote-outcome.ts';

/** A quote's outcome; a rejected one keeps its record, whose bytes go to the dead letters. */
export type ParsedQuote = Exclude<QuoteOutcome, { readonly kind: 'rejected' }> | RejectedRecord;

/** Records of `coingecko.markets` to what they say. Nothing is dropped: one outcome a record, in order. */
export const parseQuotes = (parse: (record: LogRecord) => QuoteOutcome): OperatorFunction<LogRecord, ParsedQuote> =>
  map((record) => {
    const outcome = parse(record);
    return outcome.kind === 'rejected' ? { ...outcome, record } : outcome;
  });
