import { PulseError } from '../errors.ts';
import type { Log, RecordBatch, TopicPartition } from '../streams/log/log.ts';

/**
 * The records of `[from, to)` of a log that others work on. Where records that were still to be read are purged, it goes
 * on behind them, and says so.
 */
export async function* readThrough(
  log: Log,
  at: TopicPartition,
  from: number,
  to: number,
  say: (line: string) => void,
): AsyncGenerator<RecordBatch> {
  for (let next = from; next < to;) {
    try {
      for await (const batch of log.read(at, next, to)) {
        next = batch.nextOffset;
        yield batch;
      }
      return;
    } catch (error) {
      const { start } = await log.bounds(at);
      if (!(error instanceof PulseError && error.code === 'offset-out-of-range') || start <= next) throw error;
      say(`${at.topic}[${at.partition}]: offsets ${next} to ${start - 1} were purged before they were read`);
      next = start;
    }
  }
}
