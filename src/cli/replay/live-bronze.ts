import { BronzeSource } from '../../streams/5-lake/source/bronze-source.ts';
import { bronzeTable } from '../../streams/5-lake/tables.ts';
import type { Log } from '../../streams/log/log.ts';
import type { Context } from '../context.ts';
import { deltaOptions, openLakeDisk } from '../lake-tables.ts';

/** The namespace's Bronze at its newest version; undefined where it has none. Rejects with `table-mismatch` for another topic's. */
export async function openLiveBronze(live: Context, log: Log, topic: string): Promise<BronzeSource | undefined> {
  const origin = { log: log.identity, topicId: await log.topics.id(topic) };
  return BronzeSource.open(deltaOptions(live, openLakeDisk(live), bronzeTable), origin);
}
