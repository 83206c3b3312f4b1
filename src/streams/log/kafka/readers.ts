import { outOfRange } from '../local/topic-errors.ts';
import { closed } from '../local/writer-errors.ts';
import type { OffsetBounds, PartitionPosition, RecordBatch, TopicPartition } from '../log.ts';
import type { Fetcher } from './fetcher.ts';
import { partitionName } from './partition-name.ts';

/** How long a broker keeps a request for records that are not there yet. */
const WAIT_MS = 500;

/**
 * The records of `[from, to)`, up to where the partition ends now: records behind an open transaction are waited for, and
 * come once it has ended. Closes the fetcher.
 */
export async function* readRange(
  fetcher: Fetcher,
  at: TopicPartition,
  range: { readonly from: number; readonly to: number; readonly bounds: OffsetBounds },
  closing: AbortSignal,
): AsyncGenerator<RecordBatch> {
  const { from, to, bounds } = range;
  const until = Math.min(to, bounds.end);
  try {
    if (from < Math.min(to, bounds.start)) throw outOfRange(at, from, bounds);
    for (let position = from; position < until;) {
      if (closing.aborted) throw closed('The log');
      const [batch] = await fetcher.fetch([{ ...at, offset: position }], WAIT_MS);
      if (batch === undefined || batch.nextOffset === position) continue;
      position = Math.min(batch.nextOffset, until);
      yield cutAt(batch, until);
    }
  } finally {
    await fetcher.close();
  }
}

/** The records from the positions on and those to come, until the signal aborts. Closes the fetcher. */
export async function* tail(
  fetcher: Fetcher,
  from: readonly PartitionPosition[],
  ending: AbortSignal,
): AsyncGenerator<RecordBatch> {
  const positions = new Map(from.map((at) => [partitionName(at), at]));
  const end = (): void => void fetcher.close();
  ending.addEventListener('abort', end, { once: true });
  try {
    while (!ending.aborted) {
      for (const batch of await fetcher.fetch([...positions.values()], WAIT_MS)) {
        const { topic, partition, nextOffset } = batch;
        if (positions.get(partitionName(batch))?.offset === nextOffset) continue;
        positions.set(partitionName(batch), { topic, partition, offset: nextOffset });
        yield batch;
        if (ending.aborted) return;
      }
    }
  } catch (error) {
    if (!ending.aborted) throw error;
  } finally {
    ending.removeEventListener('abort', end);
    await fetcher.close();
  }
}

/** What lies below `until` of a batch. */
function cutAt(batch: RecordBatch, until: number): RecordBatch {
  if (batch.nextOffset <= until) return batch;
  return { ...batch, records: batch.records.filter(({ offset }) => offset < until), nextOffset: until };
}
