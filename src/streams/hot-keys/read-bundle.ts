import { BundledRecord } from './bundled-record.ts';
import { ABSENT, BUNDLE_VERSION } from './bundle-writer.ts';

/**
 * The records of a bundle, with the partition, offsets, timestamps and headers that they came in with; undefined where the
 * bytes are none that a `BundleWriter` makes. The records are views of the bytes.
 */
export function readBundle(bytes: Buffer): readonly BundledRecord[] | undefined {
  const reader = new BundleReader(bytes);
  try {
    return reader.read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** What reaches beyond the end throws a RangeError, as Node's own readers do. */
class BundleReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  read(): readonly BundledRecord[] | undefined {
    if (this.#bytes.readUInt8(0) !== BUNDLE_VERSION) return undefined;
    const partition = this.#bytes.readUInt32LE(1);
    this.#at = 5;
    const records: BundledRecord[] = [];
    while (this.#at < this.#bytes.length) records.push(this.#record(partition));
    return records;
  }

  #record(partition: number): BundledRecord {
    const offset = this.#bytes.readDoubleLE(this.#at);
    const timestamp = this.#bytes.readDoubleLE(this.#at + 8);
    this.#at += 16;
    const key = this.#nullable();
    const value = this.#nullable();
    const count = this.#bytes.readUInt16LE(this.#at);
    this.#at += 2;
    const headers: [Buffer, Buffer][] = [];
    for (let each = 0; each < count; each++) headers.push([this.#present(), this.#present()]);
    return new BundledRecord({ partition, offset, timestamp, key, value }, headers);
  }

  #nullable(): Buffer | null {
    const length = this.#bytes.readUInt32LE(this.#at);
    this.#at += 4;
    return length === ABSENT ? null : this.#view(length);
  }

  #present(): Buffer {
    const length = this.#bytes.readUInt32LE(this.#at);
    this.#at += 4;
    return this.#view(length);
  }

  #view(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('a bundle that ends too early');
    const view = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return view;
  }
}
