import { describe, inject, it } from 'vitest';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { disorderlyMarket } from '../../support/disorderly-market.ts';
import { recordedRecords } from '../../support/oracle/recorded-records.ts';
import { KafkaNamespace } from './support/kafka-namespace.ts';
import { SourceFeed } from './support/source-feed.ts';
import { watchProgress } from './support/watch-progress.ts';

const PARTITIONS = 4;

describe('input in any order, many times over, in any partition', () => {
  it('leaves the tables of a batch job', async () => {
    const seed = String(Date.now());
    console.log(`duplicates seed ${seed}`);
    const random = seededRandom(seed);
    const records = recordedRecords(disorderlyMarket(random, 2))
      .flatMap((record) => Array.from({ length: random() < 0.2 ? 3 : 1 }, () => ({ record, at: random() })))
      .toSorted((a, b) => a.at - b.at)
      .map(({ record }) => record);
    const namespace = await KafkaNamespace.create({ brokers: inject('kafkaBrokers'), name: 'duplicates' });
    const feed = await SourceFeed.open({
      ...{ brokers: namespace.brokers, topic: namespace.topic('coingecko.markets'), records },
      partitionOf: () => Math.floor(random() * PARTITIONS),
    });
    const progress = await watchProgress(namespace);
    const instances = [await namespace.begin(), await namespace.begin()];
    while (feed.left > 0) await feed.send(100);
    await progress.caughtUp();
    await namespace.expectTables(records);
    await namespace.finish(instances);
  });
});
