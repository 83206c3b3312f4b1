import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StateEnvironment } from '../../../src/state/environment.ts';
import { encodeSilver, hourKey } from '../../../src/streams/3-silver/hour-json.ts';
import { type HourTables, hourTables } from '../../../src/streams/3-silver/hour-state.ts';
import type { StoredHour } from '../../../src/streams/3-silver/stored-hour.ts';
import type { OutputRecord } from '../../../src/streams/log/log.ts';
import type { LocalLog } from '../../../src/streams/log/local/maintenance.ts';
import { createMemoryLog } from '../../../src/streams/log/memory/memory-log.ts';
import type { RowReader } from '../../../src/streams/rows/row-format.ts';
import { restoreHours } from '../../../src/streams/stages/restore-hours.ts';
import type { UnreadableRow } from '../../../src/streams/stages/unreadable-rows.ts';
import { topicNames, topicSpecs } from '../../../src/streams/topics.ts';
import { hourNumber, storedHour } from '../../support/hour-series.ts';
import { jsonRows } from '../../support/rows/json-rows.ts';
import { stateKinds } from '../../support/state-kinds.ts';

const names = topicNames('');
const PARTITION = 1;

const row = (coinId: string, hour: number, price: number, rest: Partial<StoredHour> = {}): OutputRecord => {
  const stored = storedHour(hour, price, rest);
  const at = { topic: names.prices, partition: PARTITION, key: hourKey(coinId, stored.ts) };
  return { ...at, value: encodeSilver(coinId, stored, stored.final) };
};

const tombstone = (coinId: string, hour: number): OutputRecord => ({ ...row(coinId, hour, 1), value: null });

describe.each(stateKinds)('restoring hours into state in $name', ({ open }) => {
  let log: LocalLog;
  let state: StateEnvironment;
  let tables: HourTables;
  let dispose: () => Promise<void>;
  let notices: string[];
  let reads: (readonly [number, number])[];
  let stop: AbortController;
  let leaveOffAfter: number;

  beforeEach(async () => {
    log = createMemoryLog({ batchBytes: 700 });
    await log.topics.ensure(topicSpecs('', 2));
    ({ state, dispose } = await open());
    tables = hourTables(state);
    notices = [];
    reads = [];
    stop = new AbortController();
    leaveOffAfter = Infinity;
  });
  afterEach(() => dispose());

  const restore = (rows: RowReader = jsonRows()): Promise<readonly UnreadableRow[]> =>
    restoreHours({
      ...{ names, state, tables, rows, partition: PARTITION, signal: stop.signal },
      onNotice: (what) => notices.push(what),
      log: {
        ...log,
        read: (at, from, to) => {
          expect(at).toEqual({ topic: names.prices, partition: PARTITION });
          reads.push([from, to]);
          return stoppingAfter(leaveOffAfter, log.read(at, from, to));
        },
      },
    });

  async function* stoppingAfter<Batch>(most: number, batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
    let count = 0;
    for await (const batch of batches) {
      yield batch;
      if (++count === most) stop.abort();
    }
  }

  const held = (coinId: string): unknown => {
    const hours: (readonly [number, number])[] = [];
    tables.hours.visit(PARTITION, coinId, -8.64e15, 8.64e15, ({ ts, price }) => hours.push([hourNumber(ts), price]));
    const coin = tables.coins.get(PARTITION, coinId, 0);
    return { hours, newest: coin && hourNumber(coin.newest), observed: coin && hourNumber(coin.observedAt) };
  };

  it('leaves off between two batches when it is told to, and goes on from there', async () => {
    for (let hour = 0; hour < 40; hour++) await log.append([row('a', hour, hour + 1)]);
    const { end } = await log.bounds({ topic: names.prices, partition: PARTITION });
    leaveOffAfter = 2;
    await restore();
    const applied = state.meta(PARTITION)?.applied ?? 0;
    expect(applied).toBeGreaterThan(0);
    expect(applied).toBeLessThan(end);
    leaveOffAfter = Infinity;
    stop = new AbortController();
    await restore();
    expect(reads.at(-1)).toEqual([applied, end]);
    expect(held('a')).toMatchObject({ newest: 39 });
  });

  it('reads the whole changelog where there is no state, the last row of an hour counting', async () => {
    const final = row('a', 3, 9, { observedAt: storedHour(8, 1).ts, marketCap: 5, final: true });
    await log.append([row('a', 3, 1), row('b', 7, 2), final, row('a', 5, 3)]);
    await restore();
    expect(held('a')).toEqual({
      hours: [
        [3, 9],
        [5, 3],
      ],
      newest: 5,
      observed: 8,
    });
    expect(held('b')).toEqual({ hours: [[7, 2]], newest: 7, observed: 7 });
    const wanted = storedHour(3, 9, { observedAt: storedHour(8, 1).ts, marketCap: 5, final: true });
    expect(tables.hours.get(PARTITION, 'a', wanted.ts)).toEqual(wanted);
    expect(state.meta(PARTITION)).toEqual({ applied: 4 });
    expect(notices).toEqual([]);
  });

  it('reads from the applied offset on where there is', async () => {
    await log.append([row('a', 3, 1), row('a', 4, 2)]);
    await restore();
    await log.append([row('a', 4, 5), row('a', 6, 7)]);
    await restore();
    expect(held('a')).toEqual({
      hours: [
        [3, 1],
        [4, 5],
        [6, 7],
      ],
      newest: 6,
      observed: 6,
    });
    expect(reads).toEqual([
      [0, 2],
      [2, 4],
    ]);
    await restore();
    expect(state.meta(PARTITION)).toEqual({ applied: 4 });
    expect(notices).toEqual([]);
  });

  it('keeps the offset with the rows, batch by batch: an error on the way loses no step', async () => {
    await log.append([1, 2, 3, 4, 5].map((hour) => row('a', hour, hour)));
    const rows = jsonRows();
    const silver = (value: Buffer) => {
      if (value.includes(hourKey('', storedHour(5, 1).ts).slice(1))) throw new Error('no memory');
      return rows.silver(value);
    };
    await expect(
      restore({ prepare: (batch) => rows.prepare(batch), silver, json: (table, value) => rows.json(table, value) }),
    ).rejects.toThrow('no memory');
    const { applied } = state.meta(PARTITION)!;
    expect(applied).toBeGreaterThan(0);
    expect(held('a')).toMatchObject({ hours: Array.from({ length: applied }, (_, i) => [i + 1, i + 1]) });
  });

  const unreadable = ({ key }: OutputRecord, offset: number, why: string) => ({
    ...{ key: Buffer.from(key as string), partition: PARTITION, offset },
    why: expect.stringContaining(why) as string,
  });
  const spoilt = (record: OutputRecord): OutputRecord => ({
    ...record,
    value: String(record.value).replace(':7,', ':-7,'),
  });

  it('tells of rows that can’t be read, applies the others, and begins with the first of them the next time', async () => {
    await log.append([row('a', 1, 1), row('a', 2, 2), spoilt(row('a', 2, 7)), { ...row('b', 1, 1), value: 'x' }]);
    expect(await restore()).toEqual([
      unreadable(row('a', 2, 7), 2, 'the field price is -7'),
      unreadable(row('b', 1, 1), 3, ''),
    ]);
    // Whatever state held before stays: who gives it up says so.
    expect(held('a')).toMatchObject({
      hours: [
        [1, 1],
        [2, 2],
      ],
    });
    for (let hour = 3; hour < 20; hour++) await log.append([row('a', hour, hour)]);
    expect(await restore()).toHaveLength(2);
    expect(reads.at(-1)).toEqual([2, 21]);
    expect(held('a')).toMatchObject({ newest: 19 });
    expect(state.meta(PARTITION)).toEqual({ applied: 2 });
    await log.append([row('a', 2, 3)]);
    expect(await restore()).toHaveLength(1);
    expect(state.meta(PARTITION)).toEqual({ applied: 3 });
  });

  it('needs no row that can’t be read, where a later one of its key says what the hour is, or that it is gone', async () => {
    const [a, b, c] = [spoilt(row('a', 2, 7)), { ...row('b', 1, 1), value: 'x' }, { ...row('c', 1, 1), key: 'what' }];
    await log.append([row('a', 1, 1), a, b, c, row('a', 3, 3), row('a', 2, 5)]);
    for (let hour = 4; hour < 20; hour++) await log.append([row('a', hour, hour)]);
    await log.append([tombstone('b', 1), { ...c, value: null }]);
    expect(await restore()).toEqual([]);
    expect(held('a')).toMatchObject({
      hours: [1, 2, 3]
        .map((hour) => [hour, hour === 2 ? 5 : hour])
        .concat(Array.from({ length: 16 }, (_, i) => [i + 4, i + 4])),
    });
    expect([...tables.coins.keys(PARTITION)]).toEqual(['a']);
    expect(state.meta(PARTITION)).toEqual({ applied: 24 });
  });

  it('rebuilds state that is ahead of the log, and says so', async () => {
    await log.append([row('a', 3, 1)]);
    await state.transaction(() => {
      tables.hours.put(PARTITION, 'ghost', storedHour(1, 1).ts, storedHour(1, 1));
      tables.hours.put(0, 'neighbour', storedHour(1, 1).ts, storedHour(1, 1));
      state.putMeta(PARTITION, { applied: 2 });
    });
    await restore();
    expect(notices).toEqual(["state of partition 1 stands at 2, outside the log's [0, 1]: rebuilding it"]);
    expect(held('ghost')).toMatchObject({ hours: [] });
    expect(held('a')).toMatchObject({ hours: [[3, 1]] });
    expect(state.meta(PARTITION)).toEqual({ applied: 1 });
    expect([...tables.hours.keys(0)]).toEqual(['neighbour']);
  });

  it('rebuilds state that lies before the start of the log, and says so', async () => {
    await log.append([row('a', 1, 1), row('a', 2, 2), row('a', 3, 3)]);
    await state.transaction(() => state.putMeta(PARTITION, { applied: 1 }));
    await log.purge({ topic: names.prices, partition: PARTITION }, 2);
    await restore();
    expect(notices).toEqual([expect.stringContaining("stands at 1, outside the log's [2, 3]")]);
    expect(held('a')).toMatchObject({ hours: [[3, 3]] });
  });

  it('drops rows that were left without an offset, as an interrupted rebuild leaves them', async () => {
    await state.transaction(() => tables.hours.put(PARTITION, 'ghost', storedHour(1, 1).ts, storedHour(1, 1)));
    await restore();
    expect([...tables.hours.keys(PARTITION)]).toEqual([]);
    expect(notices).toEqual([]);
  });

  it('takes nothing from an empty changelog', async () => {
    await restore();
    expect([[...tables.coins.keys(PARTITION)], state.meta(PARTITION), notices]).toEqual([[], undefined, []]);
  });

  it('removes hours that have a tombstone, and says of the coin what its other hours say', async () => {
    await log.append([row('a', 3, 1), row('a', 5, 2, { observedAt: storedHour(9, 1).ts }), row('b', 1, 1)]);
    await restore();
    expect(held('a')).toMatchObject({ newest: 5, observed: 9 });
    await log.append([tombstone('a', 5), tombstone('b', 1), tombstone('nobody', 1)]);
    await restore();
    expect(held('a')).toEqual({ hours: [[3, 1]], newest: 3, observed: 3 });
    expect(held('b')).toEqual({ hours: [], newest: undefined, observed: undefined });
    expect([...tables.coins.keys(PARTITION)]).toEqual(['a']);
  });

  it('says of the coin what its rows say, where one of them was seen earlier than the one in whose place it came', async () => {
    const seen = (hour: number, at: number): OutputRecord => row('a', hour, 1, { observedAt: storedHour(at, 1).ts });
    await log.append([seen(3, 4), seen(5, 90), seen(6, 7), seen(5, 6)]);
    await restore();
    expect(held('a')).toMatchObject({ newest: 6, observed: 7 });
    await log.append([seen(6, 30), seen(3, 5)]);
    await restore();
    expect(held('a')).toMatchObject({ newest: 6, observed: 30 });
    await log.append([seen(6, 7)]);
    await restore();
    expect(held('a')).toMatchObject({ newest: 6, observed: 7 });
  });

  it.each<[string, Partial<OutputRecord>]>([
    ['no JSON', { value: 'x' }],
    ['the row of another key', { key: hourKey('a', storedHour(5, 1).ts) }],
    [
      'a row whose key is written otherwise',
      { key: `a|${new Date(storedHour(4, 1).ts).toISOString().replace('.000', '')}` },
    ],
  ])('takes %s for a row that can’t be read', async (_, change) => {
    const record = { ...row('a', 4, 1), ...change };
    await log.append([row('a', 3, 1), record]);
    expect(await restore()).toEqual([unreadable(record, 1, '')]);
    expect(held('a')).toMatchObject({ hours: [[3, 1]] });
  });

  it.each<[string, Partial<OutputRecord>]>([
    ['a tombstone of no row', { value: null, key: 'bitcoin' }],
    ['a tombstone without a key', { value: null, key: null }],
    ['a row without a key, which nothing could ever stand in for', { key: null }],
  ])('passes %s over', async (_, change) => {
    await log.append([row('a', 3, 1), { ...row('a', 4, 1), ...change }]);
    expect(await restore()).toEqual([]);
    expect(held('a')).toMatchObject({ hours: [[3, 1]] });
    expect(state.meta(PARTITION)).toEqual({ applied: 2 });
  });
});
