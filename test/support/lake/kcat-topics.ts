import { kcatRecords, kcatTable } from '../../faults/kafka/support/kcat-table.ts';
import type { Topics } from './expect-lake.ts';

/** The topics of a namespace as kcat reads them, a consumer that is not ours; their rows are JSON. */
export async function kcatTopics(brokers: readonly string[], namespace: string): Promise<Topics> {
  const table = async (topic: string): Promise<readonly unknown[]> =>
    (await kcatTable(brokers, `${namespace}.${topic}`)).map(({ value }) => value);
  const quotes = await kcatRecords(brokers, `${namespace}.coingecko.markets`);
  return {
    quotes: quotes.map(({ partition, offset, key, payload }) => ({ partition, offset, key, text: payload })),
    prices: await table('pulse.prices_hourly'),
    features: await table('pulse.features_hourly'),
    movers: await table('pulse.top_movers_24h'),
  };
}
