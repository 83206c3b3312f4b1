import type { Log } from '../../../src/streams/log/log.ts';
import type { RowReader } from '../../../src/streams/rows/row-format.ts';
import type { RowTable } from '../../../src/streams/rows/row-table.ts';

/** The latest value of every key, as text, sorted by key. */
export type LatestRows = ReadonlyMap<string, string>;

/** Reads every partition of a compacted topic to its end: the bytes as text, or rows in whatever format as their JSON. */
export async function latestRows(
  log: Log,
  topic: string,
  partitions: number,
  rowsOf?: readonly [RowTable, RowReader],
): Promise<LatestRows> {
  const rows = new Map<string, string>();
  for (let partition = 0; partition < partitions; partition++) {
    const { start, end } = await log.bounds({ topic, partition });
    for await (const batch of log.read({ topic, partition }, start, end)) {
      await rowsOf?.[1].prepare(batch);
      for (const { key, value } of batch.records) {
        if (value === null) rows.delete(String(key));
        else rows.set(String(key), (rowsOf?.[1].json(rowsOf[0], value) ?? value).toString('utf8'));
      }
    }
  }
  return new Map([...rows].sort(([a], [b]) => (a < b ? -1 : 1)));
}
