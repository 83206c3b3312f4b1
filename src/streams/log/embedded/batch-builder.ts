import type { Bytes } from '../record.ts';
import { layout, MAX_BATCH_BYTES } from './batch-layout.ts';
import { checksum } from './packed-batch.ts';
import { Scratch } from './scratch.ts';

/** The parts of a record that a batch stores. */
export interface RecordContent {
  readonly key: Bytes | null;
  readonly value: Bytes | null;
  readonly headers?: Readonly<Record<string, Bytes>>;
}

const INITIAL_BYTES = 4096;
const KEPT_BYTES = 4 * MAX_BATCH_BYTES;
const ENTRY_WORDS = layout.indexEntryBytes / 4;

/**
 * Packs records into one batch after the other. Sizes and payload are gathered in scratch memory that is reused;
 * {@link seal} copies them once into the batch (10 µs a batch: an index of unknown length in front leaves no other way).
 */
export class BatchBuilder {
  readonly #payload = new Scratch(INITIAL_BYTES);
  #index = new Uint32Array(INITIAL_BYTES / 4);
  #count = 0;
  #timestamp = 0;
  /** The records' append times, once they are not all the same. */
  #times: number[] | undefined;

  get count(): number {
    return this.#count;
  }

  /** Whether another record of the given size belongs into the next batch. */
  isFullFor(bytes: number): boolean {
    const sizes = (this.#count + 1) * layout.indexEntryBytes + (this.#times?.length ?? 0) * layout.timeBytes;
    return this.#count > 0 && layout.headerBytes + sizes + this.#payload.size + bytes > MAX_BATCH_BYTES;
  }

  /** Adds a record, `delta` offsets after the batch's base. */
  add({ key, value, headers }: RecordContent, delta: number, timestamp: number): void {
    const keySize = key === null ? 0 : this.#payload.write(key) + 1;
    const valueSize = value === null ? 0 : this.#payload.write(value) + 1;
    const before = this.#payload.size;
    if (headers !== undefined) this.#writeHeaders(headers);
    this.#note(delta, keySize, valueSize, this.#payload.size - before, timestamp);
  }

  /** Adds a record whose key, value and headers lie packed one after the other, as they do in a stored batch. */
  addPacked(packed: Buffer, sizes: readonly [number, number, number], delta: number, timestamp: number): void {
    this.#payload.write(packed);
    this.#note(delta, sizes[0], sizes[1], sizes[2], timestamp);
  }

  /**
   * The batch, its base offset still open (see `setBaseOffset`), covering `span` offsets; the next one starts empty.
   * `memory` gives the memory for a batch of some size, or more.
   */
  seal(span: number, memory: (bytes: number) => Buffer): Buffer {
    const timesAt = layout.headerBytes + this.#count * layout.indexEntryBytes;
    const payloadAt = timesAt + (this.#times?.length ?? 0) * layout.timeBytes;
    const size = payloadAt + this.#payload.size;
    const batch = memory(size).subarray(0, size);
    batch.writeUInt16LE(layout.magic, 0);
    batch[2] = layout.version;
    batch[layout.flagsAt] = this.#times === undefined ? 0 : layout.timesFlag;
    batch.writeDoubleLE(0, layout.baseOffsetAt);
    batch.writeDoubleLE(this.#timestamp, layout.timestampAt);
    batch.writeUInt32LE(this.#count, layout.countAt);
    batch.writeUInt32LE(span, layout.spanAt);
    // LMDB files are in the machine's own byte order, and so is this: little-endian wherever Node runs LMDB.
    batch.set(new Uint8Array(this.#index.buffer, 0, this.#count * layout.indexEntryBytes), layout.headerBytes);
    this.#times?.forEach((time, i) => batch.writeDoubleLE(time, timesAt + i * layout.timeBytes));
    this.#payload.copyTo(batch, payloadAt);
    batch.writeUInt32LE(checksum(batch), layout.crcAt);
    this.#count = 0;
    this.#times = undefined;
    this.#payload.clear(KEPT_BYTES);
    return batch;
  }

  #note(delta: number, key: number, value: number, headers: number, timestamp: number): void {
    if (this.#count === 0) this.#timestamp = timestamp;
    else if (timestamp !== this.#timestamp) this.#times ??= Array<number>(this.#count).fill(this.#timestamp);
    this.#times?.push(timestamp);
    const at = this.#count++ * ENTRY_WORDS;
    if (at + ENTRY_WORDS > this.#index.length) this.#growIndex();
    this.#index[at] = delta;
    this.#index[at + 1] = key;
    this.#index[at + 2] = value;
    this.#index[at + 3] = headers;
  }

  #growIndex(): void {
    const grown = new Uint32Array(this.#index.length * 2);
    grown.set(this.#index);
    this.#index = grown;
  }

  #writeHeaders(headers: Readonly<Record<string, Bytes>>): void {
    const payload = this.#payload;
    const countAt = payload.skip(2);
    let count = 0;
    for (const name in headers) {
      const value = headers[name];
      if (value === undefined) continue;
      const nameAt = payload.skip(2);
      payload.setUint16(payload.write(name), nameAt);
      const valueAt = payload.skip(4);
      payload.setUint32(payload.write(value), valueAt);
      count++;
    }
    payload.setUint16(count, countAt);
  }
}
