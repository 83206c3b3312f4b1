import { PulseError } from '../../errors.ts';
import type { RecordBatch } from '../log/log.ts';
import type { History } from './history.ts';
import { isShed } from './is-shed.ts';

/**
 * One partition of a {@link History} from an offset to its frozen end, finite; empty batches may be among them. Where the topic
 * sheds records ahead of the reader, it goes on in Bronze, if they are there by then.
 */
export async function* readHistory(history: History, partition: number, from: number): AsyncGenerator<RecordBatch> {
  const { end } = history.bounds(partition);
  for (let next = from; next < end;) {
    const isInBronze = next < history.takeover(partition);
    const before = next;
    try {
      const batches = isInBronze ? history.bronzeFrom(partition, next) : history.topicFrom(partition, next);
      for await (const batch of batches) {
        next = Math.min(batch.nextOffset, end);
        yield batch;
      }
    } catch (error) {
      if (!isShed(error)) throw error;
      const takeover = history.takeover(partition);
      await history.reopen();
      if (error.code === 'offset-out-of-range' && history.takeover(partition) === takeover) throw error;
      continue;
    }
    if (isInBronze && next === before)
      throw new PulseError('table-corrupt', `Bronze ends at offset ${next} of ${history.topic}[${partition}]`);
    // What is left are a cluster's own records, of which nobody is told.
    if (!isInBronze) return;
  }
}
