import { offsetSpan } from './packed-batch.ts';
import { batchKey, offsetInKey } from './storage-keys.ts';
import type { Tables } from './tables.ts';

/** A stored batch, not yet checked. */
export interface StoredBatch {
  readonly base: number;
  readonly batch: Buffer;
}

/** The stored batches of one partition, as of the current transaction. */
export class PartitionBatches {
  readonly #tables: Tables;
  readonly #topicId: number;
  readonly #partition: number;

  constructor(tables: Tables, topicId: number, partition: number) {
    this.#tables = tables;
    this.#topicId = topicId;
    this.#partition = partition;
  }

  /** The batch that covers the offset; undefined where there is none, which is damage for one that the log holds. */
  covering(offset: number): StoredBatch | undefined {
    // Readers go from batch to batch, so the offset is nearly always a base.
    const exact = this.#tables.batches.getBinary(this.#key(offset));
    if (exact !== undefined) return { base: offset, batch: exact };
    const range = { start: this.#key(offset), end: this.#key(0), inclusiveEnd: true, reverse: true, limit: 1 };
    for (const { key, value } of this.#tables.batches.getRange(range)) {
      // One behind the offset covers nothing of it: a damaged page has its keys out of order.
      const base = offsetInKey(key);
      if (base <= offset && base + offsetSpan(value) > offset) return { base, batch: value };
    }
    return undefined;
  }

  /** The batches whose base lies in `[from, to)`, in order. */
  *range(from: number, to: number): Generator<StoredBatch> {
    const entries = this.#tables.batches.getRange({ start: this.#key(from), end: this.#key(to) });
    for (const { key, value } of entries) yield { base: offsetInKey(key), batch: value };
  }

  put(base: number, batch: Buffer): void {
    this.#tables.batches.putSync(this.#key(base), batch);
  }

  remove(base: number): void {
    this.#tables.batches.removeSync(this.#key(base));
  }

  /**
   * Removes the batches that end at or below the offset, `max` of them at most; how many it removed. Reads keys only,
   * so that what nobody wants any more is not fetched from the disk.
   */
  removeBelow(before: number, max: number): number {
    const range = { start: this.#key(0), end: this.#key(before), limit: max + 1 };
    const bases = [...this.#tables.batches.getKeys(range)].map(offsetInKey);
    const last = bases.at(-1);
    // Every batch ends before the next one begins; only of the last it takes a look to know.
    const isLastBelow = last !== undefined && bases.length <= max && this.#endOf(last) <= before;
    if (!isLastBelow) bases.pop();
    for (const base of bases) this.remove(base);
    return bases.length;
  }

  #endOf(base: number): number {
    const batch = this.#tables.batches.getBinary(this.#key(base));
    return batch === undefined ? base : base + offsetSpan(batch);
  }

  #key(offset: number): Buffer {
    return batchKey(this.#topicId, this.#partition, offset);
  }
}
