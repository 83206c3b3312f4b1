import type { LogRecord } from '../record.ts';
import { BatchMerger } from './batch-merger.ts';
import { checkBatch, offsetSpan, unpackBatch } from './packed-batch.ts';
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
 * batches merged into larger ones; offsets and append times stay. The new batches cover the offsets of the old ones
 * without a gap, those of the records that are gone included, so that a gap always means damage. To be called in a write
 * transaction.
 */
export function cleanStep(
  stored: PartitionBatches,
  from: number,
  to: number,
  isKept: (record: LogRecord) => boolean,
  where: string,
): CleanStep {
  const { taken, next, bytes } = take(stored, from, to, where);
  let gone = 0;
  const merger = new BatchMerger();
  for (const { base, batch } of taken) {
    const records: LogRecord[] = [];
    unpackBatch(batch, 0, Infinity, records);
    const kept = records.filter(isKept);
    gone += records.length - kept.length;
    merger.add(base, offsetSpan(batch), kept);
  }
  const merged = merger.finish();
  // Where nothing goes, rewriting pays only if it leaves far fewer batches.
  if (gone === 0 && merged.length * 2 > taken.length) return { next, bytes };
  for (const { base } of taken) stored.remove(base);
  for (const { base, batch } of merged) stored.put(base, batch);
  return { next, bytes: merged.reduce((sum, { batch }) => sum + batch.length, 0) };
}

interface Taken {
  readonly taken: readonly StoredBatch[];
  readonly next: number;
  readonly bytes: number;
}

function take(stored: PartitionBatches, from: number, to: number, where: string): Taken {
  const taken: StoredBatch[] = [];
  let bytes = 0;
  for (const entry of stored.range(from, to)) {
    if (bytes >= STEP_BYTES || taken.length >= STEP_BATCHES) return { taken, next: entry.base, bytes };
    checkBatch(entry.batch, entry.base, `${where} offset ${entry.base}`);
    taken.push(entry);
    bytes += entry.batch.length;
  }
  return { taken, next: to, bytes };
}
