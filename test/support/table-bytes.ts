import type { Log } from '../../src/streams/log/log.ts';
import { topicNames } from '../../src/streams/topics.ts';
import { latestRows } from './driver/latest-rows.ts';

/** The latest bytes of every key of a namespace's three tables, as text, by table. */
export async function tableBytes(log: Log, namespace: string): Promise<Record<string, ReadonlyMap<string, string>>> {
  const { prices, features, movers } = topicNames(namespace);
  const found: Record<string, ReadonlyMap<string, string>> = {};
  for (const [table, topic] of Object.entries({ prices, features, movers }))
    found[table] = await latestRows(log, topic, (await log.topics.describe(topic))?.partitions ?? 0);
  return found;
}
