import { outOfRange } from '../local/topic-errors.ts';
import type { TopicPartition } from '../log.ts';
import type { Catalog } from './catalog.ts';
import { batchTime, offsetSpan } from './packed-batch.ts';
import { PartitionBatches } from './partition-batches.ts';
import { readState, writeState } from './partition-state.ts';
import type { Tables } from './tables.ts';
import type { WriteOperation } from './write-queue.ts';

/** How many batches one transaction deletes at most. */
export const DELETIONS_AT_ONCE = 256;

/**
 * The operation that gives up the records below an offset and deletes some of the batches that lie wholly below it; it
 * says whether there may be more of them. Throws `offset-out-of-range` for an offset beyond the end.
 */
export function purgeOperation(catalog: Catalog, at: TopicPartition, before: number): WriteOperation<boolean> {
  return {
    bytes: 0,
    run: (tables) => {
      const { id } = catalog.topicOf(tables, at);
      const state = readState(tables, id, at.partition);
      if (before > state.end) throw outOfRange(at, before, state);
      return giveUp(tables, id, at.partition, before);
    },
  };
}

/** The operation that gives up what was appended before a time; it says whether there may be more of it. */
export function expireOperation(catalog: Catalog, at: TopicPartition, time: number): WriteOperation<boolean> {
  return {
    bytes: 0,
    run: (tables) => {
      const { id } = catalog.topicOf(tables, at);
      const { start, end } = readState(tables, id, at.partition);
      let before = start;
      let left = DELETIONS_AT_ONCE;
      for (const { base, batch } of new PartitionBatches(tables, id, at.partition).range(0, end)) {
        if (batchTime(batch) >= time || left-- === 0) break;
        before = base + offsetSpan(batch);
      }
      return before > start && giveUp(tables, id, at.partition, before);
    },
  };
}

function giveUp(tables: Tables, topicId: number, partition: number, before: number): boolean {
  const state = readState(tables, topicId, partition);
  const start = Math.max(state.start, before);
  if (start > state.start) writeState(tables, topicId, partition, { ...state, start });
  return new PartitionBatches(tables, topicId, partition).removeBelow(start, DELETIONS_AT_ONCE) === DELETIONS_AT_ONCE;
}
