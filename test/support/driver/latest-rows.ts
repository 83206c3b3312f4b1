import type { Log } from '../../../src/streams/log/log.ts';

/** The latest value of every key, as the topic's bytes say it, sorted by key. */
export type LatestRows = ReadonlyMap<string, string>;

/** Reads every partition of a compacted topic to its end. */
export async function latestRows(log: Log, topic: string, partitions: number): Promise<LatestRows> {
  const rows = new Map<string, string>();
  for (let partition = 0; partition < partitions; partition++) {
    const { start, end } = await log.bounds({ topic, partition });
    for await (const { records } of log.read({ topic, partition }, start, end))
      for (const { key, value } of records) {
        if (value === null) rows.delete(String(key));
        else rows.set(String(key), value.toString('utf8'));
      }
  }
  return new Map([...rows].sort(([a], [b]) => (a < b ? -1 : 1)));
}
