import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedLog } from '../../src/streams/log/embedded/embedded-log.ts';
import { topicNames } from '../../src/streams/topics.ts';

/** How many quotes a namespace's folder has ever taken in. */
export async function quotesIn(folder: string, namespace = ''): Promise<number> {
  const path = join(folder, 'log');
  if (!existsSync(join(path, 'data.mdb'))) return 0;
  const topic = topicNames(namespace).markets;
  const log = await openEmbeddedLog({ path, mode: 'read' }).catch(() => undefined);
  let quotes = 0;
  for (let partition = 0; partition < ((await log?.topics.describe(topic))?.partitions ?? 0); partition++)
    quotes += (await log?.bounds({ topic, partition }))?.end ?? 0;
  await log?.close();
  return quotes;
}

/** Waits until a namespace's folder has taken in more than so many quotes. */
export async function untilMoreQuotesThan(folder: string, quotes: number): Promise<void> {
  while ((await quotesIn(folder)) <= quotes) await new Promise((wake) => setTimeout(wake, 50));
}
