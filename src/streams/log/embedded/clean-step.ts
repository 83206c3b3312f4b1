import type { LogRecord } from '../record.ts';
import { BatchBuilder } from './batch-builder.ts';
import { checkBatch, setBaseOffset, unpackBatch } from './packed-batch.ts';
import { PackedRecord } from './packed-record.ts';
import type { PartitionBatches, StoredBatch } from './partition-batches.ts';

/** One transaction of the cleaner takes about this much, to leave the event loop alone for no longer than a few ms. */
const STEP_BYTES = 512 * 1024;
const STEP_BATCHES = 512;

export interface CleanStep {
  /** Where the next step begins. */
  readonly next: number;
  /** Size of what this step left. */
  readonly bytes: number;
}

/**
 * Rewrites some of the batches whose base lies in `[from, to)`, with those records only that `isKept` wants, small
 * batches merged into larger ones; offsets and append times stay. To be called in a write transaction.
 */
export function cleanStep(
  stored: PartitionBatches,
  from: number,
  to: number,
  isKept: (record: LogRecord) => boolean,
  where: string,
): CleanStep {
  const taken: StoredBatch[] = [];
  let before = 0;
  let next = to;
  for (const entry of stored.range(from, to)) {
    if (before >= STEP_BYTES || taken.length >= STEP_BATCHES) {
      next = entry.base;
      break;
    }
    checkBatch(entry.batch, entry.base, `${where} offset ${entry.base}`);
    taken.push(entry);
    before += entry.batch.length;
  }
  const records: LogRecord[] = [];
  for (const { batch } of taken) unpackBatch(batch, 0, Infinity, records);
  const kept = records.filter(isKept);
  const merged = merge(kept);
  // Where nothing goes, rewriting pays only if it leaves far fewer batches.
  if (kept.length === records.length && merged.length * 2 > taken.length) return { next, bytes: before };
  for (const { base } of taken) stored.remove(base);
  for (const { base, batch } of merged) stored.put(base, batch);
  return { next, bytes: merged.reduce((bytes, { batch }) => bytes + batch.length, 0) };
}

function merge(records: readonly LogRecord[]): readonly StoredBatch[] {
  const merged: StoredBatch[] = [];
  const builder = new BatchBuilder();
  let base = 0;
  let last = 0;
  const seal = (): void => {
    if (builder.count === 0) return;
    const batch = builder.seal(last + 1 - base, (bytes) => Buffer.allocUnsafeSlow(bytes));
    setBaseOffset(batch, base);
    merged.push({ base, batch });
  };
  for (const record of records) {
    if (!(record instanceof PackedRecord)) continue;
    const { packed, offset } = record;
    if (builder.isFullFor(packed.length) || offset - base > MAX_DELTA) seal();
    if (builder.count === 0) base = offset;
    builder.addPacked(packed, record.packedSizes, offset - base, record.timestamp);
    last = offset;
  }
  seal();
  return merged;
}

/** Offset deltas are stored in 32 bits. */
const MAX_DELTA = 2 ** 32 - 2;
