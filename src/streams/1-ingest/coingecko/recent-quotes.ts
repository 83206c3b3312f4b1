import type { Log } from '../../log/log.ts';
import { parseRfc3339 } from '../../rfc3339.ts';

/** A quote that an earlier run of the poller published. */
export interface RecentQuote {
  readonly element: Buffer;
  readonly observedAt: number;
}

/**
 * The poller's quotes among the last `count` records of each partition of `coingecko.markets`, in the order of each
 * partition. It finds there what it had published, which is safer than a second account of it.
 */
export async function* recentQuotes(
  log: Log,
  topic: string,
  partitions: number,
  count: number,
): AsyncGenerator<RecentQuote> {
  for (let partition = 0; partition < partitions; partition++) {
    const at = { topic, partition };
    const { start, end } = await log.bounds(at);
    for await (const { records } of log.read(at, Math.max(start, end - count), end)) {
      for (const record of records) {
        if (record.value === null || record.header('source')?.toString('utf8') !== 'coingecko') continue;
        const header = record.header('observed_at');
        const observedAt = header === undefined ? undefined : parseRfc3339(header);
        yield { element: record.value, observedAt: observedAt ?? record.timestamp };
      }
    }
  }
}
