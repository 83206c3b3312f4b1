import type { Log, TopicPartition } from '../../log/log.ts';
import type { LogRecord } from '../../log/record.ts';

/** Whether a later record of the partition has the same key: it says what the row is. Reads what lies behind the record. */
export async function isReplaced(log: Log, { topic, partition }: TopicPartition, record: LogRecord): Promise<boolean> {
  const { key, offset } = record;
  if (key === null) return false;
  const at = { topic, partition };
  const { end } = await log.bounds(at);
  for await (const { records } of log.read(at, offset + 1, end))
    if (records.some((later) => later.key?.equals(key) === true)) return true;
  return false;
}
