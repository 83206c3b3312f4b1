import { beforeEach, describe, expect, it } from 'vitest';
import { openMemoryState } from '../../../src/state/memory/memory-environment.ts';
import type { StateEnvironment } from '../../../src/state/environment.ts';
import { encodeSilver, hourKey } from '../../../src/streams/3-silver/hour-json.ts';
import { hourTables } from '../../../src/streams/3-silver/hour-state.ts';
import type { FeatureDeclaration } from '../../../src/streams/4-gold/feature.ts';
import type { HourWindow } from '../../../src/streams/4-gold/hour-window.ts';
import { features } from '../../../src/streams/4-gold/features.ts';
import type { OutputRecord } from '../../../src/streams/log/log.ts';
import type { LocalLog } from '../../../src/streams/log/local/maintenance.ts';
import { createMemoryLog } from '../../../src/streams/log/memory/memory-log.ts';
import type { RowFormat } from '../../../src/streams/rows/row-format.ts';
import { restoreHours } from '../../../src/streams/stages/restore-hours.ts';
import type { UnreadableRow } from '../../../src/streams/stages/unreadable-rows.ts';
import { topicNames, topicSpecs } from '../../../src/streams/topics.ts';
import { type DriverItem, PipelineDriver } from '../../support/driver/pipeline-driver.ts';
import { hourNumber, storedHour } from '../../support/hour-series.ts';
import { hourlyQuotes } from '../../support/quotes.ts';
import { MemoryRegistry } from '../../support/rows/memory-registry.ts';
import { declaredGold, rowsWith } from '../../support/rows/rows-with.ts';

const names = topicNames('');
const at = { topic: names.prices, partition: 0 };

describe('a changelog in two formats', () => {
  let log: LocalLog;
  let state: StateEnvironment;
  let registry: MemoryRegistry;
  beforeEach(async () => {
    log = createMemoryLog({ batchBytes: 300 });
    await log.topics.ensure(topicSpecs('', 1));
    state = openMemoryState();
    registry = new MemoryRegistry();
  });

  const key = (hour: number) => hourKey('a', storedHour(hour, 1).ts);
  const json = (hour: number, price: number): OutputRecord => {
    const row = storedHour(hour, price);
    return { ...at, key: key(hour), value: encodeSilver('a', row, row.final) };
  };
  const avro = async (hour: number, price: number): Promise<OutputRecord> => {
    const row = storedHour(hour, price);
    return { ...at, key: key(hour), value: (await rowsWith(registry).writer()).silver('a', row, row.final) };
  };
  const restore = (rows: RowFormat = rowsWith(registry)): Promise<readonly UnreadableRow[]> =>
    restoreHours({
      ...{ log, names, state, tables: hourTables(state), rows, partition: 0 },
      ...{ signal: new AbortController().signal, onNotice: () => undefined },
    });
  const held = (): unknown => {
    const hours: (readonly [number, number])[] = [];
    hourTables(state).hours.visit(0, 'a', -8.64e15, 8.64e15, ({ ts, price }) => hours.push([hourNumber(ts), price]));
    return [hours, state.meta(0)?.applied];
  };

  it('is restored as it says, the last row of an hour counting, a tombstone being one', async () => {
    const gone = { ...at, key: key(4), value: null };
    await log.append([json(3, 1), await avro(4, 2), await avro(3, 5), json(6, 7), await avro(5, 8), gone, json(5, 9)]);
    await restore();
    expect(held()).toEqual([
      [
        [3, 5],
        [5, 9],
        [6, 7],
      ],
      7,
    ]);
    expect(registry.asked.filter((what) => what.startsWith('find'))).toEqual(['find 1']);
  });

  it('waits for a registry that does not answer: nothing is skipped, and what was applied stays', async () => {
    await log.append([json(1, 1), json(2, 2), json(3, 3), await avro(4, 4), json(5, 5)]);
    registry.outage = 'nobody there';
    await expect(restore()).rejects.toMatchObject({ code: 'registry-unavailable' });
    const [, applied] = held() as [unknown, number];
    expect(applied).toBeLessThanOrEqual(3);
    registry.outage = undefined;
    await restore();
    expect(held()).toEqual([[1, 2, 3, 4, 5].map((hour) => [hour, hour]), 5]);
  });

  it('tells of a row that can’t be read where it is and why', async () => {
    const { value, ...row } = await avro(2, 1);
    await log.append([json(1, 1), { ...row, value: (value as Buffer).subarray(0, -3) }]);
    const key = Buffer.from(row.key as string);
    expect(await restore()).toEqual([
      { key, partition: 0, offset: 1, why: expect.stringContaining('the value is not the Avro of') as string },
    ]);
    expect(await restore(rowsWith(new MemoryRegistry()))).toMatchObject([
      { key, offset: 1, why: 'the registry knows no Avro schema 1' },
    ]);
  });

  it('halts where no registry is set, and asks for it', async () => {
    await log.append([await avro(2, 1)]);
    await expect(restore(rowsWith(undefined))).rejects.toMatchObject({
      code: 'settings',
      message: expect.stringContaining('set SCHEMA_REGISTRY_URL') as string,
    });
  });
});

describe('rows in JSON, once a registry is set', () => {
  const ends = async (driver: PipelineDriver) =>
    Promise.all(
      [names.prices, names.features, names.movers].map(
        async (topic) => (await driver.log.bounds({ topic, partition: 0 })).end,
      ),
    );
  const records = hourlyQuotes('bitcoin', 0, 30);
  let registry: MemoryRegistry;
  let driver: PipelineDriver;
  let before: readonly number[];
  beforeEach(async () => {
    registry = new MemoryRegistry();
    driver = new PipelineDriver({ partitions: 1 });
    await driver.play([{ kind: 'records', records }]);
    before = await ends(driver);
  });
  const sentBy = async (...items: readonly DriverItem[]) => {
    await driver.play(items);
    return (await ends(driver)).map((end, i) => end - before[i]!);
  };
  const halved: FeatureDeclaration = { ...features[1]!, hours: 12, of: (window) => window.price(0) };

  it('stay as they are: the format alone is no reason to write them again', async () => {
    expect(await sentBy({ kind: 'registry', registry })).toEqual([0, 0, 0]);
    expect(registry.asked).toHaveLength(3);
  });

  it('are written again where a declaration comes to another figure, and only those', async () => {
    // The first hour's mean is its price, now as before.
    const gold = { ...declaredGold, features: features.map((each, i) => (i === 1 ? halved : each)) };
    expect(await sentBy({ kind: 'registry', registry }, { kind: 'redeclare', gold })).toEqual([0, 29, 0]);
    before = await ends(driver);
    // In Avro now, or in JSON still: what they say does not differ any more.
    const again = {
      ...gold,
      features: gold.features.map((each) => ({ ...each, of: (window: HourWindow) => each.of(window) })),
    };
    expect(await sentBy({ kind: 'redeclare', gold: again })).toEqual([0, 0, 0]);
  });

  it('and in Avro have one more column where one more figure is declared', async () => {
    const more = { ...halved, name: 'latest' };
    const gold = { ...declaredGold, features: [...features, more] };
    expect(await sentBy({ kind: 'registry', registry }, { kind: 'redeclare', gold })).toEqual([0, 30, 0]);
    before = await ends(driver);
    expect(await sentBy({ kind: 'redeclare', gold: declaredGold })).toEqual([0, 30, 0]);
  });
});
