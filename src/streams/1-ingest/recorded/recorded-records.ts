import type { MarketRecords } from '../market-records.ts';
import type { TimedRecord } from '../pace/paced-steps.ts';
import { QuoteReader } from '../quote-reader.ts';

/**
 * Makes the records of recorded quotes, each with its bytes as they are. The header `observed_at` is the quote's own
 * `observed_at`, or else its event time, and so is the time that it is played at; there is none where both are missing or
 * malformed.
 */
export class RecordedRecords {
  private readonly markets: MarketRecords;
  private readonly reader = new QuoteReader();

  constructor(markets: MarketRecords) {
    this.markets = markets;
  }

  of(quote: Buffer): TimedRecord {
    const { reader, markets } = this;
    reader.read(quote);
    const time = reader.observedAt ?? reader.eventTime;
    const record =
      time === undefined
        ? markets.record(reader.id, quote, { source: 'recorded' })
        : markets.record(reader.id, quote, { observed_at: reader.spell(time), source: 'recorded' });
    return { record, time };
  }
}
