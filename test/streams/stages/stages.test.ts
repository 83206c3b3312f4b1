import { beforeEach, describe, expect, it } from 'vitest';
import { openMemoryState } from '../../../src/state/memory/memory-environment.ts';
import { encodePartial } from '../../../src/streams/3-silver/hour-json.ts';
import { partitionOf } from '../../../src/streams/log/partition-of.ts';
import { topicNames } from '../../../src/streams/topics.ts';
import { partialOf, TEST_HOUR } from '../../support/arbitrary-ticks.ts';
import { type DriverRecord, PipelineDriver } from '../../support/driver/pipeline-driver.ts';
import { hourlyQuotes, quote, QUOTES_START } from '../../support/quotes.ts';

const names = topicNames('');

let driver: PipelineDriver;
beforeEach(() => {
  driver = new PipelineDriver({ partitions: 3 });
});

/** Everything that the topic holds. */
async function all(
  topic: string,
): Promise<readonly { partition: number; key: string; value: string; headers: Record<string, string> }[]> {
  const found = [];
  for (let partition = 0; partition < 3; partition++)
    for await (const { records } of driver.log.read({ topic, partition }, 0, Infinity))
      for (const record of records) {
        const headers = Object.fromEntries(
          Object.entries(record.headers()).map(([name, bytes]) => [name, String(bytes)]),
        );
        found.push({ partition, key: String(record.key), value: String(record.value), headers });
      }
  return found;
}

/** What a stage's positions carry, by input partition. */
async function carried(stage: string): Promise<readonly unknown[]> {
  const positions = (await all(names.positions)).filter(({ key }) => key.startsWith(`${stage}|`));
  const latest = new Map(positions.map(({ key, value }) => [key, (JSON.parse(value) as { carried: unknown }).carried]));
  return [...latest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

describe('stage 1', () => {
  it('sends one partial per coin, hour, input partition and commit to the partition of the coin', async () => {
    const spread = [0, 1, 2].flatMap((partition) =>
      [...hourlyQuotes('bitcoin', 0, 2), ...hourlyQuotes('bitcoin', 0, 2), ...hourlyQuotes('ether|eum', 5, 6)].map(
        (record): DriverRecord => ({ ...record, partition }),
      ),
    );
    await driver.play([{ kind: 'records', records: spread }]);
    const partials = await all(names.partials);
    expect(partials.filter(({ key }) => key === 'bitcoin')).toHaveLength(6);
    expect(partials.filter(({ key }) => key === 'ether|eum')).toHaveLength(3);
    for (const { partition, key, value } of partials) {
      expect(partition).toBe(partitionOf(key, 3));
      expect(JSON.parse(value)).toMatchObject({ coin_id: key, observations: key === 'bitcoin' ? 2 : 1 });
    }
    for (const table of [names.prices, names.features, names.movers])
      for (const { partition, key } of await all(table))
        expect(partition).toBe(partitionOf(key.replace(/\|2024-.*/, ''), 3));
  });

  it('sets aside what can not be used, with its bytes, why, and where it lies', async () => {
    const bad = { partition: 2, key: Buffer.from('k'), value: Buffer.from('{"id":'), headers: { source: 'recorded' } };
    await driver.play([{ kind: 'records', records: [{ ...quote({ hour: 0, price: 1 }), partition: 2 }, bad] }]);
    expect(await all(names.deadLetters)).toEqual([
      {
        ...{ partition: 2, key: 'k', value: '{"id":' },
        headers: {
          ...{ source: 'recorded', topic: 'coingecko.markets', partition: '2', offset: '1', reason: 'not-json' },
          error: expect.stringContaining('JSON') as string,
        },
      },
    ]);
  });

  it('cites where a forwarded record came in, when it turns out to be no use elsewhere', async () => {
    driver = new PipelineDriver({ partitions: 3, saltings: [[{ key: 'k', home: 2, cycle: [1] }]] });
    const bad = { partition: 2, key: Buffer.from('k'), value: Buffer.from('{"id":'), headers: { source: 'recorded' } };
    await driver.play([{ kind: 'records', records: [{ ...quote({ hour: 0, price: 1 }), partition: 2 }, bad] }]);
    expect((await all(names.hot)).map(({ partition }) => partition)).toEqual([1]);
    expect(await all(names.deadLetters)).toMatchObject([
      { partition: 2, key: 'k', value: '{"id":', headers: { source: 'recorded', partition: '2', offset: '1' } },
    ]);
    expect((await all(names.deadLetters))[0]?.headers).toMatchObject({
      topic: 'coingecko.markets',
      reason: 'not-json',
    });
    expect((await carried('combine-hot'))[1]).toEqual({ records: 1, ticks: 0, no_quote: 0, dead_letters: 1 });
  });

  it('sets what is no bundle aside as a whole, with where that lies', async () => {
    await driver.play([]);
    await driver.log.append([{ topic: names.hot, partition: 1, key: null, value: 'no bundle' }]);
    await driver.play([]);
    expect(await all(names.deadLetters)).toMatchObject([
      { partition: 1, value: 'no bundle', headers: { topic: 'pulse.hot', offset: '0', reason: 'bad-bundle' } },
    ]);
  });

  it('keeps its counts with its position, across starts', async () => {
    const none = { ...quote({ hour: 0, price: 1 }), value: Buffer.from('{"id":"a","current_price":null}') };
    const bad = { ...none, value: Buffer.from('') };
    await driver.play([{ kind: 'records', records: [quote({ hour: 0, price: 1 }), none] }]);
    await driver.play([{ kind: 'records', records: [bad, quote({ hour: 0, price: 2 })] }]);
    expect((await carried('combine'))[0]).toEqual({ records: 4, ticks: 2, no_quote: 1, dead_letters: 1, forwarded: 0 });
  });
});

describe('stage 2', () => {
  const good = partialOf('bitcoin', QUOTES_START, [
    {
      kind: 'tick',
      coinId: 'bitcoin',
      eventTs: TEST_HOUR,
      observedAt: TEST_HOUR,
      price: 7,
      marketCap: null,
      volume: null,
    },
  ]);

  it('sets a poisoned partial aside with its bytes and coordinates, and goes on', async () => {
    await driver.play([]);
    const poison = encodePartial(good).replace('"high":7', '"high":6');
    const at = { topic: names.partials, partition: 1, key: 'bitcoin' };
    await driver.log.append([
      { ...at, value: encodePartial(good) },
      { ...at, value: poison, headers: { from: 'nowhere' } },
      { ...at, key: null, value: null },
      { ...at, value: encodePartial(good) },
    ]);
    const { prices } = await driver.play([]);
    const coordinates = { topic: 'pulse.partials', partition: '1', reason: 'bad-partial' };
    expect(await all(names.deadLetters)).toEqual([
      {
        ...{ partition: 1, key: 'bitcoin', value: poison },
        headers: { from: 'nowhere', ...coordinates, offset: '1', error: 'the field high is 6' },
      },
      {
        ...{ partition: 1, key: 'null', value: 'null' },
        headers: { ...coordinates, offset: '2', error: 'the record has no value' },
      },
    ]);
    expect([...prices.values()].map((row) => (JSON.parse(row) as { observations: number }).observations)).toEqual([2]);
    expect((await carried('maintain'))[1]).toMatchObject({ dead_letters: 2 });
  });

  it('notes in state how far the changelog is applied', async () => {
    const state = openMemoryState();
    driver = new PipelineDriver({ partitions: 3, openState: () => Promise.resolve(state) });
    await driver.play([
      { kind: 'records', records: [...hourlyQuotes('bitcoin', 0, 5), ...hourlyQuotes('other', 0, 3)] },
    ]);
    for (const partition of [0, 1, 2]) {
      const { end } = await driver.log.bounds({ topic: names.prices, partition });
      expect(state.meta(partition)?.applied ?? 0).toBe(end);
    }
  });

  it('counts its dead letters across starts', async () => {
    for (let i = 0; i < 2; i++) {
      await driver.play([]);
      await driver.log.append([{ topic: names.partials, partition: 0, key: 'x', value: 'poison' }]);
    }
    await driver.play([]);
    expect((await carried('maintain'))[0]).toMatchObject({ dead_letters: 2 });
  });
});
