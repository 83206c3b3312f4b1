import type { LogRecord } from '../log/record.ts';

/** The first byte of a bundle. */
export const BUNDLE_VERSION = 1;
/** A length that says that there is nothing, not even nothing of it. */
export const ABSENT = 0xffff_ffff;
/** A bundle ends when it has grown to this: well below what a broker takes, and many records a message all the same. */
const FULL_BYTES = 256 * 1024;
/** A record must fit in beside a bundle that is nearly full. */
const LARGEST_RECORD_BYTES = 256 * 1024;

/**
 * Packs records as they are, unparsed, many into one message: a message costs more than the work on a record does. Numbers
 * are little-endian; offsets and timestamps are float64, which holds them exactly.
 *
 * ```
 *  bundle  = version u8, partition u32, record*
 *  record  = offset f64, timestamp f64, key bytes, value bytes, count u16 of headers, (name bytes, value bytes)*
 *  bytes   = length u32 (ffffffff: null), that many bytes
 * ```
 */
export class BundleWriter {
  readonly #partition: number;
  #buffer = Buffer.allocUnsafe(4096);
  #length = 0;
  #records = 0;

  /** `partition`: where the records came in. */
  constructor(partition: number) {
    this.#partition = partition;
  }

  get records(): number {
    return this.#records;
  }

  /** Whether it should be taken before more is added. */
  get isFull(): boolean {
    return this.#length >= FULL_BYTES;
  }

  /** Whether the record is of a size to be packed with others. */
  static takes({ key, value }: LogRecord): boolean {
    return (key?.length ?? 0) + (value?.length ?? 0) <= LARGEST_RECORD_BYTES;
  }

  /** Copies the record; nothing of it is kept. */
  add(record: LogRecord): void {
    if (this.#length === 0) this.#begin();
    const { key, value } = record;
    const headers = Object.entries(record.headers());
    this.#reserve(16 + 4 + (key?.length ?? 0) + 4 + (value?.length ?? 0) + 2);
    this.#length = this.#buffer.writeDoubleLE(record.offset, this.#length);
    this.#length = this.#buffer.writeDoubleLE(record.timestamp, this.#length);
    this.#bytes(key);
    this.#bytes(value);
    this.#length = this.#buffer.writeUInt16LE(headers.length, this.#length);
    for (const [name, bytes] of headers) {
      const length = Buffer.byteLength(name);
      this.#reserve(4 + length + 4 + bytes.length);
      this.#length = this.#buffer.writeUInt32LE(length, this.#length);
      this.#length += this.#buffer.write(name, this.#length, 'utf8');
      this.#bytes(bytes);
    }
    this.#records++;
  }

  /** The bundle of all that was added since the last; undefined where that is nothing. It is the caller's. */
  take(): Buffer | undefined {
    if (this.#length === 0) return undefined;
    const bundle = Buffer.from(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
    this.#records = 0;
    return bundle;
  }

  #begin(): void {
    this.#length = this.#buffer.writeUInt8(BUNDLE_VERSION, 0);
    this.#length = this.#buffer.writeUInt32LE(this.#partition, this.#length);
  }

  #bytes(bytes: Buffer | null): void {
    this.#length = this.#buffer.writeUInt32LE(bytes === null ? ABSENT : bytes.length, this.#length);
    if (bytes !== null) this.#length += bytes.copy(this.#buffer, this.#length);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#buffer.length, this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
