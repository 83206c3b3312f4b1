import type { Log, RecordBatch, TopicPartition } from '../streams/log/log.ts';
import type { LogRecord } from '../streams/log/record.ts';
import { readThrough } from './read-through.ts';

/**
 * The latest record of every key of a partition, or of one key, as of some moment while it runs; a deleted key has none.
 *
 * One pass notes each key's latest offset (offsets alone: values need no memory), another one takes those records. What a
 * compaction removed between the two was written again since, so what has come since is looked at for what is missing.
 */
export async function* latestRecords(
  log: Log,
  at: TopicPartition,
  key: string | undefined,
  say: (line: string) => void,
): AsyncGenerator<RecordBatch> {
  let { start: from, end: to } = await log.bounds(at);
  let wanted = await survey(readThrough(log, at, from, to, say), key);
  while (wanted.size > 0) {
    for await (const batch of readThrough(log, at, from, to, say)) {
      const records = batch.records.filter((record) => wanted.get(nameOf(record)) === record.offset);
      for (const record of records) wanted.delete(nameOf(record));
      if (records.length > 0) yield { ...batch, records };
    }
    from = to;
    to = (await log.bounds(at)).end;
    if (from === to) return;
    const missing = wanted;
    const since = await survey(readThrough(log, at, from, to, say), key);
    wanted = new Map([...since].filter(([name]) => missing.has(name)));
  }
}

async function survey(batches: AsyncIterable<RecordBatch>, key: string | undefined): Promise<Map<string, number>> {
  const latest = new Map<string, number>();
  for await (const { records } of batches)
    for (const record of records) {
      const name = nameOf(record);
      if (key !== undefined && name !== key) continue;
      if (record.value === null) latest.delete(name);
      else latest.set(name, record.offset);
    }
  return latest;
}

const nameOf = ({ key }: LogRecord): string => key?.toString('utf8') ?? '';
