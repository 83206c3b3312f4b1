import { expect } from 'vitest';
import { type PrintedRecord, pulse, readTopic } from '../pulse.ts';
import type { QuoteRecord, Topics } from './expect-lake.ts';

type Env = Readonly<Record<string, string>>;

/** The topics as `pulse topics read` prints them. */
export async function printedTopics(env: Env): Promise<Topics> {
  const latest = async (topic: string): Promise<readonly unknown[]> =>
    (await readTopic(topic, ['--latest-per-key'], env)).map(({ value }) => value);
  return {
    quotes: await printedQuotes(env),
    prices: await latest('pulse.prices_hourly'),
    features: await latest('pulse.features_hourly'),
    movers: await latest('pulse.top_movers_24h'),
  };
}

async function printedQuotes(env: Env): Promise<readonly QuoteRecord[]> {
  const { code, stdout } = await pulse(['topics', 'read', 'coingecko.markets'], env);
  expect(code).toBe(0);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { partition, offset, key } = JSON.parse(line) as PrintedRecord;
      // As it is written: read and written again, 38645.0 would be 38645.
      return { partition, offset, key, text: line.slice(line.indexOf(',"value":') + 9, -1) };
    });
}
