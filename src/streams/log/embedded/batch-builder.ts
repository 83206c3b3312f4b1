import { crc32 } from 'node:zlib';
import type { Bytes } from '../record.ts';
import { layout, MAX_BATCH_BYTES } from './batch-layout.ts';

/** The parts of a record that a batch stores. */
export interface RecordContent {
  readonly key: Bytes | null;
  readonly value: Bytes | null;
  readonly headers?: Readonly<Record<string, Bytes>>;
}

const INITIAL_BYTES = 4096;

/**
 * Packs records into one batch after the other. Sizes and payload are gathered in scratch memory that is reused;
 * {@link seal} copies them once into a buffer of exactly the batch's size (10 µs a batch; reserving room for an index
 * of unknown length in front would cost more).
 */
export class BatchBuilder {
  #payload = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  #size = 0;
  #index: number[] = [];
  #times: number[] = [];
  #timesDiffer = false;

  get count(): number {
    return this.#times.length;
  }

  /** Size of the batch if it were sealed now. */
  get bytes(): number {
    return layout.headerBytes + this.count * (layout.indexEntryBytes + layout.timeBytes) + this.#size;
  }

  /** Whether another record of the given size belongs into the next batch. */
  isFullFor(bytes: number): boolean {
    return this.count > 0 && this.bytes + bytes > MAX_BATCH_BYTES;
  }

  /** Adds a record, `delta` offsets after the batch's base. */
  add(record: RecordContent, delta: number, timestamp: number): void {
    const { key, value, headers } = record;
    const keyBytes = key === null ? -1 : this.#write(key);
    const valueBytes = value === null ? -1 : this.#write(value);
    const before = this.#size;
    if (headers !== undefined) this.#writeHeaders(headers);
    this.#note(delta, keyBytes + 1, valueBytes + 1, this.#size - before, timestamp);
  }

  /** Adds a record whose key, value and headers lie packed one after the other, as they do in a stored batch. */
  addPacked(packed: Buffer, sizes: readonly [number, number, number], delta: number, timestamp: number): void {
    this.#reserve(packed.length);
    packed.copy(this.#payload, this.#size);
    this.#size += packed.length;
    this.#note(delta, sizes[0], sizes[1], sizes[2], timestamp);
  }

  /** The batch, its base offset still open (see `setBaseOffset`), covering `span` offsets; starts the next one. */
  seal(span: number): Buffer {
    const { count } = this;
    const indexAt = layout.headerBytes;
    const timesAt = indexAt + count * layout.indexEntryBytes;
    const payloadAt = timesAt + (this.#timesDiffer ? count * layout.timeBytes : 0);
    const batch = Buffer.allocUnsafeSlow(payloadAt + this.#size);
    batch.writeUInt16LE(layout.magic, 0);
    batch[2] = layout.version;
    batch[3] = this.#timesDiffer ? layout.timesFlag : 0;
    batch.writeDoubleLE(0, layout.baseOffsetAt);
    batch.writeDoubleLE(this.#times[0] ?? 0, layout.timestampAt);
    batch.writeUInt32LE(count, layout.countAt);
    batch.writeUInt32LE(span, layout.spanAt);
    for (let i = 0, at = indexAt; i < this.#index.length; i++, at += 4) batch.writeUInt32LE(this.#index[i] ?? 0, at);
    if (this.#timesDiffer) this.#times.forEach((time, i) => batch.writeDoubleLE(time, timesAt + i * layout.timeBytes));
    this.#payload.copy(batch, payloadAt, 0, this.#size);
    batch.writeUInt32LE(crc32(batch.subarray(layout.checkedFrom)), layout.crcAt);
    this.#clear();
    return batch;
  }

  #clear(): void {
    this.#size = 0;
    this.#index.length = 0;
    this.#times.length = 0;
    this.#timesDiffer = false;
    // One huge record must not keep its memory for ever.
    if (this.#payload.length > 4 * MAX_BATCH_BYTES) this.#payload = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  }

  #note(delta: number, key: number, value: number, headers: number, timestamp: number): void {
    this.#index.push(delta, key, value, headers);
    if (this.#times.length > 0 && this.#times[0] !== timestamp) this.#timesDiffer = true;
    this.#times.push(timestamp);
  }

  #write(bytes: Bytes): number {
    if (typeof bytes === 'string') {
      this.#reserve(bytes.length * 3);
      const written = this.#payload.write(bytes, this.#size);
      this.#size += written;
      return written;
    }
    this.#reserve(bytes.length);
    bytes.copy(this.#payload, this.#size);
    this.#size += bytes.length;
    return bytes.length;
  }

  #writeHeaders(headers: Readonly<Record<string, Bytes>>): void {
    const countAt = this.#size;
    let count = 0;
    this.#reserve(2);
    this.#size += 2;
    for (const name in headers) {
      const value = headers[name];
      if (value === undefined) continue;
      this.#reserve(2);
      const nameAt = this.#size;
      this.#size += 2;
      const nameBytes = this.#write(name);
      this.#payload.writeUInt16LE(nameBytes, nameAt);
      this.#reserve(4);
      const valueAt = this.#size;
      this.#size += 4;
      const valueBytes = this.#write(value);
      this.#payload.writeUInt32LE(valueBytes, valueAt);
      count++;
    }
    this.#payload.writeUInt16LE(count, countAt);
  }

  #reserve(bytes: number): void {
    const needed = this.#size + bytes;
    if (needed <= this.#payload.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#payload.length * 2));
    this.#payload.copy(grown, 0, 0, this.#size);
    this.#payload = grown;
  }
}
