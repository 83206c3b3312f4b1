import type { LogRecord } from '../../log/record.ts';
import type { HistoryQuote } from './history-quote.ts';

/*
 *   0        4       12      16       24          32    36      40        44
 *   | bytes | time | part. | offset | timestamp | key | value | headers | key, value, then of each header two sizes, name, value |
 *
 * Times, offset and timestamp are doubles, the rest unsigned; a size of a key or a value is one more than it has, 0 stands for
 * null, and "headers" is how many there are. `bytes` counts all of it.
 */
const FIXED_BYTES = 44;
const HEADER_SIZES_BYTES = 8;

/** A quote as bytes that say how many they are. */
export function packQuote({ time, partition, offset, record }: HistoryQuote): Buffer {
  const { key, value, timestamp } = record;
  const headers = Object.entries(record.headers()).map(([name, bytes]) => [Buffer.from(name, 'utf8'), bytes] as const);
  const parts = [
    key ?? EMPTY,
    value ?? EMPTY,
    ...headers.flatMap(([name, bytes]) => [sizes(name, bytes), name, bytes]),
  ];
  const fixed = Buffer.allocUnsafe(FIXED_BYTES);
  const packed = Buffer.concat([fixed, ...parts]);
  packed.writeUInt32LE(packed.length, 0);
  packed.writeDoubleLE(time, 4);
  packed.writeUInt32LE(partition, 12);
  packed.writeDoubleLE(offset, 16);
  packed.writeDoubleLE(timestamp, 24);
  packed.writeUInt32LE(key === null ? 0 : key.length + 1, 32);
  packed.writeUInt32LE(value === null ? 0 : value.length + 1, 36);
  packed.writeUInt32LE(headers.length, 40);
  return packed;
}

/** How many bytes the quote has that begins there; at least four of them must be there. */
export const packedBytes = (bytes: Buffer, at: number): number => bytes.readUInt32LE(at);

/** The quote that begins there; it keeps the bytes. */
export function unpackQuote(bytes: Buffer, at: number): HistoryQuote {
  const offset = bytes.readDoubleLE(at + 16);
  return {
    ...{ time: bytes.readDoubleLE(at + 4), partition: bytes.readUInt32LE(at + 12), offset },
    record: new UnpackedRecord(bytes.subarray(at, at + packedBytes(bytes, at)), offset),
  };
}

const EMPTY = Buffer.alloc(0);

function sizes(name: Buffer, value: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_SIZES_BYTES);
  bytes.writeUInt32LE(name.length, 0);
  bytes.writeUInt32LE(value.length, 4);
  return bytes;
}

class UnpackedRecord implements LogRecord {
  readonly offset: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, offset: number) {
    this.#bytes = bytes;
    this.offset = offset;
  }

  get timestamp(): number {
    return this.#bytes.readDoubleLE(24);
  }

  get key(): Buffer | null {
    return this.#part(32, FIXED_BYTES);
  }

  get value(): Buffer | null {
    return this.#part(36, FIXED_BYTES + this.#size(32));
  }

  header(name: string): Buffer | undefined {
    const headers = this.headers();
    return Object.hasOwn(headers, name) ? headers[name] : undefined;
  }

  headers(): Readonly<Record<string, Buffer>> {
    const bytes = this.#bytes;
    let at = FIXED_BYTES + this.#size(32) + this.#size(36);
    return Object.fromEntries(
      Array.from({ length: bytes.readUInt32LE(40) }, () => {
        const nameAt = at + HEADER_SIZES_BYTES;
        const valueAt = nameAt + bytes.readUInt32LE(at);
        const end = valueAt + bytes.readUInt32LE(at + 4);
        at = end;
        return [bytes.toString('utf8', nameAt, valueAt), bytes.subarray(valueAt, end)] as const;
      }),
    );
  }

  #size(at: number): number {
    return Math.max(0, this.#bytes.readUInt32LE(at) - 1);
  }

  #part(sizeAt: number, from: number): Buffer | null {
    if (this.#bytes.readUInt32LE(sizeAt) === 0) return null;
    return this.#bytes.subarray(from, from + this.#size(sizeAt));
  }
}
