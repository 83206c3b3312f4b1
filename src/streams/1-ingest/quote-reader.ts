import { FieldScanner } from '../json/field-scanner.ts';
import { parseRfc3339 } from '../rfc3339.ts';

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
  private isObject = false;

  /** Takes the bytes of one quote. */
  read(bytes: Buffer): void {
    this.isObject = this.scanner.scan(bytes) === 'object';
  }

  /** The coin id: a string that is not empty. */
  get id(): string | undefined {
    const id = this.text(ID);
    return id === '' ? undefined : id;
  }

  /** The event time as the quote spells it. */
  get lastUpdated(): string | undefined {
    return this.text(LAST_UPDATED);
  }

  /** The event time in milliseconds since the epoch. */
  get eventTime(): number | undefined {
    return this.time(LAST_UPDATED);
  }

  /** The quote's own `observed_at` in milliseconds since the epoch. */
  get observedAt(): number | undefined {
    return this.time(OBSERVED_AT);
  }

  private text(field: number): string | undefined {
    return this.isObject && this.scanner.kind(field) === 'string' ? this.scanner.string(field) : undefined;
  }

  private time(field: number): number | undefined {
    const { scanner } = this;
    if (!this.isObject || scanner.kind(field) !== 'string') return undefined;
    return parseRfc3339(scanner.bytes, scanner.start(field) + 1, scanner.end(field) - 1);
  }
}
