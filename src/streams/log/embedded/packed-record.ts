import { isNamed } from '../is-named.ts';
import type { LogRecord } from '../record.ts';

/**
 * A record in a stored batch: positions into the batch's buffer, and views that are made when asked for. 40 bytes a
 * record instead of two buffers and a header object (measured: reading is twice as fast where a consumer looks at the
 * value alone).
 */
export class PackedRecord implements LogRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly #batch: Buffer;
  readonly #keyAt: number;
  readonly #valueAt: number;
  readonly #headersAt: number;
  readonly #headersSize: number;
  readonly #hasKey: boolean;
  readonly #hasValue: boolean;

  constructor(
    batch: Buffer,
    offset: number,
    timestamp: number,
    keyAt: number,
    valueAt: number,
    headersAt: number,
    headersSize: number,
    hasKey: boolean,
    hasValue: boolean,
  ) {
    this.offset = offset;
    this.timestamp = timestamp;
    this.#batch = batch;
    this.#keyAt = keyAt;
    this.#valueAt = valueAt;
    this.#headersAt = headersAt;
    this.#headersSize = headersSize;
    this.#hasKey = hasKey;
    this.#hasValue = hasValue;
  }

  get key(): Buffer | null {
    return this.#hasKey ? this.#batch.subarray(this.#keyAt, this.#valueAt) : null;
  }

  get value(): Buffer | null {
    return this.#hasValue ? this.#batch.subarray(this.#valueAt, this.#headersAt) : null;
  }

  /** Key, value and headers as they lie in the batch. */
  get packed(): Buffer {
    return this.#batch.subarray(this.#keyAt, this.#headersAt + this.#headersSize);
  }

  /** What the batch's index says of the sizes of key, value and headers. */
  get packedSizes(): readonly [number, number, number] {
    const key = this.#hasKey ? this.#valueAt - this.#keyAt + 1 : 0;
    const value = this.#hasValue ? this.#headersAt - this.#valueAt + 1 : 0;
    return [key, value, this.#headersSize];
  }

  /** Compares bytes in place: no string is made to find a header. */
  header(name: string): Buffer | undefined {
    if (this.#headersSize === 0) return undefined;
    const batch = this.#batch;
    let at = this.#headersAt + 2;
    for (let left = batch.readUInt16LE(this.#headersAt); left > 0; left--) {
      const nameSize = batch.readUInt16LE(at);
      const valueAt = at + 2 + nameSize + 4;
      const end = valueAt + batch.readUInt32LE(valueAt - 4);
      if (isNamed(batch, at + 2, nameSize, name)) return batch.subarray(valueAt, end);
      at = end;
    }
    return undefined;
  }

  headers(): Readonly<Record<string, Buffer>> {
    if (this.#headersSize === 0) return {};
    const found: (readonly [string, Buffer])[] = [];
    const batch = this.#batch;
    let at = this.#headersAt + 2;
    for (let left = batch.readUInt16LE(this.#headersAt); left > 0; left--) {
      const valueAt = at + 2 + batch.readUInt16LE(at) + 4;
      const end = valueAt + batch.readUInt32LE(valueAt - 4);
      found.push([batch.toString('utf8', at + 2, valueAt - 4), batch.subarray(valueAt, end)]);
      at = end;
    }
    return Object.fromEntries(found);
  }
}
