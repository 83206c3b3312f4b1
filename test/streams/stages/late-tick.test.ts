import { beforeEach, describe, expect, it } from 'vitest';
import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import { topicNames } from '../../../src/streams/topics.ts';
import { type DriverRecord, PipelineDriver } from '../../support/driver/pipeline-driver.ts';
import { hourlyQuotes, quote, rowKeyOf } from '../../support/quotes.ts';

const names = topicNames('');
const tables = ['prices', 'features', 'movers'] as const;

let driver: PipelineDriver;
beforeEach(async () => {
  // Whatever else is declared: the longest window of these is 72 hours.
  const gold = { features: features.filter(({ hours }) => hours <= 72), movers: moverFeatures };
  driver = new PipelineDriver({ partitions: 1, gold });
  await driver.play([
    { kind: 'records', records: [...hourlyQuotes('bitcoin', 0, 200), ...hourlyQuotes('other', 0, 200)] },
  ]);
});

/** The keys of every record that the records make stage 2 write, in order, by table. */
async function written(...records: readonly DriverRecord[]): Promise<Record<(typeof tables)[number], string[]>> {
  const ends = await Promise.all(tables.map((table) => driver.log.bounds({ topic: names[table], partition: 0 })));
  await driver.play([{ kind: 'records', records }]);
  const keys: Record<(typeof tables)[number], string[]> = { prices: [], features: [], movers: [] };
  for (const [i, table] of tables.entries())
    for await (const batch of driver.log.read({ topic: names[table], partition: 0 }, ends[i]!.end, Infinity))
      keys[table].push(...batch.records.map(({ key }) => String(key)));
  return keys;
}

const keys = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from }, (_, i) => rowKeyOf('bitcoin', from + i));

describe('a late tick', () => {
  it('corrects its hour and the feature rows of it and the 71 hours after it, each once, and nothing else', async () => {
    const late = quote({ hour: 100, price: 1_000, within: 5 });
    expect(await written(late)).toEqual({ prices: keys(100, 101), features: keys(100, 172), movers: [] });
  });

  it('that changes no price, high or low of its hour corrects the two rows of that hour', async () => {
    const same = quote({ hour: 100, price: 100 + ((100 * 7919) % 31), within: 5 });
    expect(await written(same)).toEqual({ prices: keys(100, 101), features: keys(100, 101), movers: [] });
  });

  it('of the day before the newest hour corrects the mover row too', async () => {
    const late = quote({ hour: 175, price: 1_000, within: 5 });
    expect(await written(late)).toEqual({ prices: keys(175, 176), features: keys(175, 200), movers: ['bitcoin'] });
    const earlier = quote({ hour: 174, price: 1_000, within: 5 });
    expect(await written(earlier)).toMatchObject({ movers: [] });
  });

  it('fills a gap, and the row after it has a return then', async () => {
    await driver.play([{ kind: 'records', records: hourlyQuotes('bitcoin', 300, 310) }]);
    const filling = quote({ hour: 299, price: 50 });
    expect(await written(filling)).toEqual({ prices: keys(299, 300), features: keys(299, 310), movers: ['bitcoin'] });
  });

  it('among others of one commit is one of them: rows that several reach are written once', async () => {
    const late = [100, 110, 110, 150].map((hour, i) => quote({ hour, price: 1_000 + i, within: 5 + i }));
    expect(await written(...late)).toEqual({
      prices: [...keys(100, 101), ...keys(110, 111), ...keys(150, 151)],
      features: keys(100, 200),
      movers: [],
    });
  });

  it('that is observed late makes hours final, and writes the rows of those and no others', async () => {
    // Until now the newest observation is the start of hour 199: hours up to 197 are final.
    const late = quote({ hour: 150, price: 100 + ((150 * 7919) % 31), after: 49.5 * 3_600_000 });
    expect(await written(late)).toEqual({
      prices: [...keys(150, 151), ...keys(198, 199)],
      features: [...keys(150, 151), ...keys(198, 199)],
      movers: [],
    });
  });
});
