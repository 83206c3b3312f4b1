import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RecordBatch, TopicPartition } from '../log.ts';
import type { ReadSide } from './read-side.ts';

/** The records of `[from, to)` up to where the partition ends now; gives way to the event loop after every batch. */
export async function* readRange(
  side: ReadSide,
  at: TopicPartition,
  from: number,
  to: number,
): AsyncGenerator<RecordBatch> {
  const until = Math.min(to, side.bounds(at).end);
  let position = from;
  // A position below the start is an error even where the range is empty: the caller takes what it reads for complete.
  if (position >= until) {
    if (position < Math.min(to, side.bounds(at).start)) side.batch(at, position, to);
    return;
  }
  while (position < until) {
    const batch = side.batch(at, position, until);
    if (batch.nextOffset <= position) return;
    position = batch.nextOffset;
    yield batch;
    await nextTurn();
  }
}
