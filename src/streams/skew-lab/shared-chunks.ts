/** Some memory that threads share: `[at, at + length)` of it. */
export interface SharedBytes {
  readonly memory: SharedArrayBuffer;
  readonly at: number;
  readonly length: number;
}

/**
 * Hands out memory that threads share, from large chunks, and those that were given back first: touching fresh memory costs
 * more than copying a record into it.
 */
export class SharedChunks {
  readonly #chunkBytes: number;
  readonly #free: SharedArrayBuffer[] = [];
  #used: SharedArrayBuffer[] = [];
  #filling: SharedArrayBuffer | undefined;
  #end = 0;

  constructor(chunkBytes: number) {
    this.#chunkBytes = chunkBytes;
  }

  take(length: number): SharedBytes {
    if (this.#filling === undefined || this.#end + length > this.#filling.byteLength) this.#begin(length);
    const memory = this.#filling ?? new SharedArrayBuffer(length);
    const at = this.#end;
    this.#end += length;
    return { memory, at, length };
  }

  /** Nobody reads any more what was handed out. */
  recycle(): void {
    this.#free.push(...this.#used);
    this.#used = [];
    this.#filling = undefined;
  }

  #begin(length: number): void {
    const place = this.#free.findIndex(({ byteLength }) => byteLength >= length);
    const [free] = place < 0 ? [] : this.#free.splice(place, 1);
    this.#filling = free ?? new SharedArrayBuffer(Math.max(length, this.#chunkBytes));
    this.#used.push(this.#filling);
    this.#end = 0;
  }
}

export const bufferOf = ({ memory, at, length }: SharedBytes): Buffer => Buffer.from(memory, at, length);
