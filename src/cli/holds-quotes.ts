import { existsSync } from 'node:fs';
import { inNamespace, topics } from '../streams/topics.ts';
import type { Context } from './context.ts';
import { logFolder, openToRead } from './namespace-log.ts';
import { partitionsOf } from './topics.ts';

/** Whether the namespace has ever taken a quote in. */
export async function holdsQuotes(context: Context): Promise<boolean> {
  if (!existsSync(logFolder(context))) return false;
  const log = await openToRead(context);
  try {
    const found = await log.topics.describe(inNamespace(context.config.settings.namespace, topics.markets.name));
    for (const at of partitionsOf(found?.name ?? '', found?.partitions ?? 0))
      if ((await log.bounds(at)).end > 0) return true;
    return false;
  } finally {
    await log.close();
  }
}
