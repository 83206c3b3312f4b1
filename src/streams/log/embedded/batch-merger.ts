import type { LogRecord } from '../record.ts';
import { BatchBuilder } from './batch-builder.ts';
import { setBaseOffset } from './packed-batch.ts';
import { PackedRecord } from './packed-record.ts';
import type { StoredBatch } from './partition-batches.ts';

/** Spans and offset deltas are stored in 32 bits. */
const MAX_SPAN = 2 ** 32 - 1;

/**
 * Merges stretches of offsets, each with some of the records that once filled it, into batches that cover the same
 * offsets; stretches follow each other without a gap. Where no record is left at all, the batch is an empty one.
 */
export class BatchMerger {
  readonly #merged: StoredBatch[] = [];
  readonly #builder = new BatchBuilder();
  #base: number | undefined;
  #end = 0;

  add(base: number, span: number, records: readonly LogRecord[]): void {
    this.#base ??= base;
    if (base + span - this.#base > MAX_SPAN) this.#seal(base);
    for (const record of records) if (record instanceof PackedRecord) this.#addRecord(record);
    this.#end = base + span;
  }

  finish(): readonly StoredBatch[] {
    if (this.#base !== undefined) this.#seal(this.#end);
    return this.#merged;
  }

  #addRecord(record: PackedRecord): void {
    const { packed, offset } = record;
    if (this.#builder.isFullFor(packed.length)) this.#seal(offset);
    this.#builder.addPacked(packed, record.packedSizes, offset - (this.#base ?? 0), record.timestamp);
  }

  /** Closes the batch before an offset, at which the next one begins. */
  #seal(before: number): void {
    const base = this.#base ?? before;
    const batch = this.#builder.seal(before - base, (bytes) => Buffer.allocUnsafeSlow(bytes));
    setBaseOffset(batch, base);
    this.#merged.push({ base, batch });
    this.#base = before;
  }
}
