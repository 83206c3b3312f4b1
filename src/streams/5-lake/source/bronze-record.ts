import type { LogRecord } from '../../log/record.ts';
import { formatRfc3339 } from '../../rfc3339.ts';

/** One row of Bronze, as the record that it was. */
export interface BronzeRow {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Null where the header could not be read. */
  readonly observedAt: number | null;
  readonly source: Buffer | null;
}

/**
 * A record read back from Bronze, with the headers that Bronze keeps: `source`, and `observed_at`, which a record that had
 * none of it was given when it was written, its timestamp. One that was no time is empty, and so is none again.
 */
export class BronzeRecord implements LogRecord {
  readonly #row: BronzeRow;

  constructor(row: BronzeRow) {
    this.#row = row;
  }

  get offset(): number {
    return this.#row.offset;
  }

  get timestamp(): number {
    return this.#row.timestamp;
  }

  get key(): Buffer | null {
    return this.#row.key;
  }

  get value(): Buffer | null {
    return this.#row.value;
  }

  header(name: string): Buffer | undefined {
    if (name === 'observed_at') return observedAtHeader(this.#row);
    return name === 'source' ? (this.#row.source ?? undefined) : undefined;
  }

  headers(): Readonly<Record<string, Buffer>> {
    const { source } = this.#row;
    return { observed_at: observedAtHeader(this.#row), ...(source && { source }) };
  }
}

const observedAtHeader = ({ observedAt }: BronzeRow): Buffer =>
  observedAt === null ? Buffer.alloc(0) : Buffer.from(formatRfc3339(observedAt), 'latin1');
