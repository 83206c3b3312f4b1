import { isNamed } from '../is-named.ts';
import type { LogRecord } from '../record.ts';
import { readVarint, varintSize } from './varint.ts';

/**
 * A record in a fetched batch: positions into the batch's memory, and views that are made when asked for. kafkajs makes a
 * message object, strings of its offset and timestamp, two buffers and an object of headers for each.
 */
export class KafkaRecord implements LogRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly #batch: Buffer;
  readonly #keyAt: number;
  /** -1: null. */
  readonly #keySize: number;
  readonly #valueAt: number;
  readonly #valueSize: number;

  constructor(
    batch: Buffer,
    offset: number,
    timestamp: number,
    keyAt: number,
    keySize: number,
    valueAt: number,
    valueSize: number,
  ) {
    this.#batch = batch;
    this.offset = offset;
    this.timestamp = timestamp;
    this.#keyAt = keyAt;
    this.#keySize = keySize;
    this.#valueAt = valueAt;
    this.#valueSize = valueSize;
  }

  get key(): Buffer | null {
    return this.#keySize < 0 ? null : this.#batch.subarray(this.#keyAt, this.#keyAt + this.#keySize);
  }

  get value(): Buffer | null {
    return this.#valueSize < 0 ? null : this.#batch.subarray(this.#valueAt, this.#valueAt + this.#valueSize);
  }

  header(name: string): Buffer | undefined {
    let found: Buffer | undefined;
    this.#visitHeaders((nameAt, nameSize, valueAt, valueSize) => {
      if (isNamed(this.#batch, nameAt, nameSize, name)) found = this.#batch.subarray(valueAt, valueAt + valueSize);
    });
    return found;
  }

  headers(): Readonly<Record<string, Buffer>> {
    const found: (readonly [string, Buffer])[] = [];
    this.#visitHeaders((nameAt, nameSize, valueAt, valueSize) =>
      found.push([
        this.#batch.toString('utf8', nameAt, nameAt + nameSize),
        this.#batch.subarray(valueAt, valueAt + valueSize),
      ]),
    );
    return Object.fromEntries(found);
  }

  #visitHeaders(visit: (nameAt: number, nameSize: number, valueAt: number, valueSize: number) => void): void {
    const batch = this.#batch;
    let at = this.#valueAt + Math.max(0, this.#valueSize);
    const count = readVarint(batch, at);
    at += varintSize(batch, at);
    for (let i = 0; i < count; i++) {
      const nameSize = readVarint(batch, at);
      const nameAt = at + varintSize(batch, at);
      at = nameAt + nameSize;
      const valueSize = Math.max(0, readVarint(batch, at));
      const valueAt = at + varintSize(batch, at);
      at = valueAt + valueSize;
      visit(nameAt, nameSize, valueAt, valueSize);
    }
  }
}
