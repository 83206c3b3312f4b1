import type { Bytes } from '../record.ts';

/** Strings up to this length are written character by character, which beats a call into the encoder. */
const SHORT = 64;

/** Memory that is written from front to back, grows, and is used again. */
export class Scratch {
  readonly #initialBytes: number;
  #bytes: Buffer;
  #size = 0;

  constructor(initialBytes: number) {
    this.#initialBytes = initialBytes;
    this.#bytes = Buffer.allocUnsafeSlow(initialBytes);
  }

  get size(): number {
    return this.#size;
  }

  /** Writes bytes, or text as UTF-8; how many bytes it took. */
  write(bytes: Bytes): number {
    if (typeof bytes === 'string') return this.#writeText(bytes);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#size);
    this.#size += bytes.length;
    return bytes.length;
  }

  /** Leaves room for an unsigned number of 2 or 4 bytes; where it is. */
  skip(bytes: 2 | 4): number {
    this.#reserve(bytes);
    this.#size += bytes;
    return this.#size - bytes;
  }

  setUint16(value: number, at: number): void {
    this.#bytes.writeUInt16LE(value, at);
  }

  setUint32(value: number, at: number): void {
    this.#bytes.writeUInt32LE(value, at);
  }

  copyTo(target: Buffer, at: number): void {
    this.#bytes.copy(target, at, 0, this.#size);
  }

  /** Starts over; gives back memory that grew beyond the limit. */
  clear(limitBytes: number): void {
    this.#size = 0;
    if (this.#bytes.length > limitBytes) this.#bytes = Buffer.allocUnsafeSlow(this.#initialBytes);
  }

  #writeText(text: string): number {
    const { length } = text;
    this.#reserve(length * 3);
    const start = this.#size;
    if (length <= SHORT && this.#writeAscii(text, start)) {
      this.#size = start + length;
      return length;
    }
    const written = this.#bytes.write(text, start);
    this.#size = start + written;
    return written;
  }

  /** Whether the text was ASCII, and is written. */
  #writeAscii(text: string, at: number): boolean {
    const bytes = this.#bytes;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) return false;
      bytes[at + i] = code;
    }
    return true;
  }

  #reserve(bytes: number): void {
    const needed = this.#size + bytes;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#size);
    this.#bytes = grown;
  }
}
