import { beforeEach, describe, expect, it } from 'vitest';
import { topicNames, topicSpecs } from '../../../src/streams/topics.ts';
import { type DriverTables, PipelineDriver } from '../../support/driver/pipeline-driver.ts';
import { errorCode } from '../../support/log-contract-tools.ts';
import { hourlyQuotes } from '../../support/quotes.ts';

const PARTITIONS = 2;
const names = topicNames('');

let driver: PipelineDriver;
let before: DriverTables;
beforeEach(async () => {
  driver = new PipelineDriver({ partitions: PARTITIONS });
  const records = [...hourlyQuotes('bitcoin', 0, 30), ...hourlyQuotes('ethereum', 3, 9)];
  before = await driver.play([{ kind: 'records', records }]);
});

/** Deletes a topic, and makes it again as the next start does. */
async function lose(topic: string): Promise<void> {
  await driver.log.topics.remove([topic]);
  await driver.log.topics.ensure(topicSpecs('', PARTITIONS));
}

const tablesOf = ({ prices, features, movers }: DriverTables) => [[...prices], [...features], [...movers]];

describe('a topic that was deleted underneath', () => {
  it.each([
    ['the changelog', names.prices, 'changelog-lost'],
    ['the partials', names.partials, 'topic-mismatch'],
    ['the quotes', names.markets, 'topic-mismatch'],
    ['the positions', names.positions, 'position-missing'],
  ])('halts: %s', async (_, topic, code) => {
    await lose(topic);
    await expect(driver.play([{ kind: 'records', records: hourlyQuotes('bitcoin', 30, 31) }])).rejects.toEqual(
      errorCode(code),
    );
  });

  it('halts for the quotes though there are more of them again than were processed', async () => {
    await lose(names.markets);
    const records = [...hourlyQuotes('bitcoin', 30, 90), ...hourlyQuotes('ethereum', 3, 30)];
    await expect(driver.play([{ kind: 'records', records }])).rejects.toThrow(
      /^coingecko\.markets\[\d\] is another topic than the one that the stage combine has processed up to offset \d+: /,
    );
  });

  it('halts for the changelog even where state is lost with it', async () => {
    await lose(names.prices);
    await expect(driver.play([{ kind: 'lose-state' }])).rejects.toEqual(errorCode('changelog-lost'));
  });

  it.each([
    ['features', names.features],
    ['movers', names.movers],
  ])('is published again from Silver where it held %s', async (_, topic) => {
    await lose(topic);
    const after = await driver.play([]);
    expect(tablesOf(after)).toEqual(tablesOf(before));
    const ends = await driver.log.bounds({ topic, partition: 0 });
    await driver.play([]);
    expect(await driver.log.bounds({ topic, partition: 0 })).toEqual(ends);
  });
});
