import { isNamed } from '../log/is-named.ts';
import type { LogRecord } from '../log/record.ts';

/** What a bundle says of a record, but for its headers. */
export interface BundledContent {
  /** Where it came in, as the offset. */
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/** A record out of a bundle, as it was where it came in. */
export class BundledRecord implements LogRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly #headers: readonly (readonly [Buffer, Buffer])[];

  constructor(content: BundledContent, headers: readonly (readonly [Buffer, Buffer])[]) {
    this.partition = content.partition;
    this.offset = content.offset;
    this.timestamp = content.timestamp;
    this.key = content.key;
    this.value = content.value;
    this.#headers = headers;
  }

  header(name: string): Buffer | undefined {
    for (const [each, value] of this.#headers) if (isNamed(each, 0, each.length, name)) return value;
    return undefined;
  }

  headers(): Readonly<Record<string, Buffer>> {
    return Object.fromEntries(this.#headers.map(([name, value]) => [name.toString('utf8'), value]));
  }
}
