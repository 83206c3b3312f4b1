import type { Log } from '../../../src/streams/log/log.ts';

/**
 * Resolves when the ends of all transactions that were committed so far are in the topic's partitions: brokers write them
 * there only after they have answered, and readers that are not ours take a partition for read to its end where the first
 * transaction without one begins.
 */
export async function committedEnds(log: Log, topic: string): Promise<void> {
  const partitions = (await log.topics.describe(topic))?.partitions ?? 0;
  for (let partition = 0; partition < partitions; partition++) {
    const at = { topic, partition };
    const { start, end } = await log.bounds(at);
    const rest = log.read(at, Math.max(start, end - 1), end)[Symbol.asyncIterator]();
    while ((await rest.next()).done !== true);
  }
}
