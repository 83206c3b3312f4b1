import type { Log } from '../log/log.ts';
import type { RowReader } from '../rows/row-format.ts';
import type { TopicNames } from '../topics.ts';
import { readChangelogRecord } from './changelog-record.ts';
import { type UnreadableRow, UnreadableRows } from './unreadable-rows.ts';

export interface FindOptions {
  readonly log: Log;
  readonly names: TopicNames;
  readonly rows: RowReader;
  readonly partition: number;
}

/** The rows of one partition of the changelog that can't be read and that no later one stands in for; reads all of it. */
export async function findUnreadable({ log, names, rows, partition }: FindOptions): Promise<readonly UnreadableRow[]> {
  const at = { topic: names.prices, partition };
  const unreadable = new UnreadableRows(partition);
  const { start, end } = await log.bounds(at);
  for await (const batch of log.read(at, start, end)) {
    await rows.prepare(batch);
    for (const record of batch.records) unreadable.note(record, readChangelogRecord(rows, record));
  }
  return unreadable.all;
}
