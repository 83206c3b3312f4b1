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

/** A quote that is about to be packed, and how many bytes that takes. */
export interface Packing {
  readonly quote: HistoryQuote;
  readonly headers: readonly (readonly [name: string, value: Buffer])[];
  readonly bytes: number;
}

export function packing(quote: HistoryQuote): Packing {
  const { key, value } = quote.record;
  const headers = Object.entries(quote.record.headers());
  let bytes = FIXED_BYTES + (key?.length ?? 0) + (value?.length ?? 0);
  for (const [name, header] of headers) bytes += HEADER_SIZES_BYTES + Buffer.byteLength(name) + header.length;
  return { quote, headers, bytes };
}

/** Writes the quote to where there is room for its bytes. */
export function packQuote({ quote, headers, bytes }: Packing, target: Buffer, start: number): void {
  const { key, value, timestamp } = quote.record;
  target.writeUInt32LE(bytes, start);
  target.writeDoubleLE(quote.time, start + 4);
  target.writeUInt32LE(quote.partition, start + 12);
  target.writeDoubleLE(quote.offset, start + 16);
  target.writeDoubleLE(timestamp, start + 24);
  target.writeUInt32LE(key === null ? 0 : key.length + 1, start + 32);
  target.writeUInt32LE(value === null ? 0 : value.length + 1, start + 36);
  target.writeUInt32LE(headers.length, start + 40);
  let at = start + FIXED_BYTES;
  at += key?.copy(target, at) ?? 0;
  at += value?.copy(target, at) ?? 0;
  for (const [name, header] of headers) {
    const nameAt = at + HEADER_SIZES_BYTES;
    const nameBytes = target.write(name, nameAt);
    target.writeUInt32LE(nameBytes, at);
    target.writeUInt32LE(header.length, at + 4);
    at = nameAt + nameBytes;
    at += header.copy(target, at);
  }
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
