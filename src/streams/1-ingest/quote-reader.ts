import { FieldScanner } from '../json/field-scanner.ts';
import { timeValue } from '../json/time-value.ts';
import { formatRfc3339 } from '../rfc3339.ts';
import { PlainQuote } from './plain-quote.ts';

const ID = 0;
const LAST_UPDATED = 1;
const OBSERVED_AT = 2;

/**
 * Reads the few fields of a quote that ingest needs: whose it is, and when. It judges nothing, since stage 1 does: what
 * is missing or malformed is undefined.
 *
 * Made once and used for many quotes; everything read belongs to the last {@link read}.
 */
export class QuoteReader {
  private readonly scanner = new FieldScanner(['id', 'last_updated', 'observed_at']);
  private readonly plain = new PlainQuote();
  private isPlain = false;
  private isObject = false;

  /** Takes the bytes of one quote. */
  read(bytes: Buffer): void {
    this.isPlain = this.plain.read(bytes);
    this.isObject = !this.isPlain && this.scanner.scan(bytes) === 'object';
  }

  /** The coin id: a string that is not empty. */
  get id(): string | undefined {
    if (this.isPlain) return this.plain.id;
    const id = this.text(ID);
    return id === '' ? undefined : id;
  }

  /** The event time as the quote spells it. */
  get lastUpdated(): string | undefined {
    return this.isPlain ? this.plain.lastUpdated : this.text(LAST_UPDATED);
  }

  /** The event time in milliseconds since the epoch. */
  get eventTime(): number | undefined {
    return this.isPlain ? this.plain.eventTime : this.time(LAST_UPDATED);
  }

  /** The quote's own `observed_at` in milliseconds since the epoch. */
  get observedAt(): number | undefined {
    return this.isPlain ? undefined : this.time(OBSERVED_AT);
  }

  /** The time in milliseconds since the epoch, as RFC 3339 UTC; spares the spelling where the quote has it already. */
  spell(time: number): string {
    return this.isPlain && time === this.plain.eventTime ? this.plain.lastUpdated : formatRfc3339(time);
  }

  private text(field: number): string | undefined {
    return this.isObject && this.scanner.kind(field) === 'string' ? this.scanner.string(field) : undefined;
  }

  private time(field: number): number | undefined {
    return this.isObject ? timeValue(this.scanner, field) : undefined;
  }
}
