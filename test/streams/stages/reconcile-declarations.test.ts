import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StateEnvironment } from '../../../src/state/environment.ts';
import type { FeatureDeclaration } from '../../../src/streams/4-gold/feature.ts';
import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import type { GoldSpec } from '../../../src/streams/4-gold/roll-windows.ts';
import { mean } from '../../../src/streams/4-gold/rolling.ts';
import type { TransactionalWriter } from '../../../src/streams/log/log.ts';
import { maintainStage } from '../../../src/streams/stages/maintain-stage.ts';
import { readStagePosition } from '../../../src/streams/task/positions.ts';
import { topicNames } from '../../../src/streams/topics.ts';
import { arbitraryRecords } from '../../support/driver/arbitrary-records.ts';
import { latestRows } from '../../support/driver/latest-rows.ts';
import { type DriverRecord, type DriverTables, PipelineDriver } from '../../support/driver/pipeline-driver.ts';
import { jsonRows } from '../../support/rows/json-rows.ts';
import { hourlyQuotes, quote, rowKeyOf } from '../../support/quotes.ts';
import { stateKinds } from '../../support/state-kinds.ts';

const names = topicNames('');
const tables = ['prices', 'features', 'movers'] as const;

const gold: GoldSpec = { features, movers: moverFeatures };
const declare = (name: string, of: FeatureDeclaration['of'], hours: number): FeatureDeclaration => ({
  ...{ name, hours, of, unit: 'price', formula: name },
});
/** As `ma_24`, over half the time: the same figures wherever there are no more than 12 hours. */
const ma24Halved = declare('ma_24', (window) => mean(window, 'price', 12), 12);
const changed: GoldSpec = { ...gold, features: features.map((each) => (each.name === 'ma_24' ? ma24Halved : each)) };

const rowsOf = ({ prices, features: rows, movers }: DriverTables) => [[...prices], [...rows], [...movers]];

/** 30 hours of one coin, then a gap, and of another one some hours. */
const records: readonly DriverRecord[] = [
  ...hourlyQuotes('bitcoin', 0, 30),
  ...hourlyQuotes('bitcoin', 60, 62),
  ...hourlyQuotes('a|b', 3, 20),
];

describe.each(stateKinds)('after the declarations changed, on state in $name', ({ open }) => {
  let state: StateEnvironment;
  let dispose: () => Promise<void>;
  let driver: PipelineDriver;
  let notices: string[];
  beforeEach(async () => {
    ({ state, dispose } = await open());
    notices = [];
    driver = new PipelineDriver({ partitions: 1, openState: () => Promise.resolve(state) });
    await driver.play([{ kind: 'records', records }]);
  });
  afterEach(() => dispose());

  /** Starts stage 2 with these declarations: the keys that it writes before it processes anything, by table. */
  const restart = async (
    declared: GoldSpec,
    graceMs = 600_000,
    through?: (writer: TransactionalWriter) => TransactionalWriter,
  ) => {
    const { log } = driver;
    const ends = await Promise.all(tables.map((table) => log.bounds({ topic: names[table], partition: 0 })));
    const position = await readStagePosition(log, names.positions, 'maintain', { topic: names.partials, partition: 0 });
    const writer = await log.writer('pulse-maintain-pulse.partials-0');
    const onNotice = (what: string): void => void notices.push(what);
    const stage = maintainStage({
      log,
      names,
      state,
      rows: jsonRows(),
      spec: { graceMs },
      gold: declared,
      onNotice,
    }).open(0);
    const { signal } = new AbortController();
    const mustWrite = await stage.recover(position!, through?.(writer) ?? writer, signal);
    const keys: Record<string, string[]> = { mustWrite: mustWrite ? ['yes'] : [] };
    for (const [i, table] of tables.entries()) {
      keys[table] = [];
      for await (const batch of log.read({ topic: names[table], partition: 0 }, ends[i]!.end, Infinity))
        keys[table].push(...batch.records.map(({ key, value }) => `${value === null ? 'gone ' : ''}${String(key)}`));
    }
    return keys;
  };

  const latest = () => Promise.all(tables.map(async (table) => [...(await latestRows(driver.log, names[table], 1))]));

  /** The tables that these records come to where the declarations have never been others. */
  const afresh = async (declared: GoldSpec, graceMs = 600_000) =>
    rowsOf(await new PipelineDriver({ partitions: 1, gold: declared, graceMs }).play([{ kind: 'records', records }]));

  it('nothing is written where they are the same', async () => {
    expect(await restart(gold)).toEqual({ mustWrite: [], prices: [], features: [], movers: [] });
    expect(notices).toEqual([]);
  });

  it('of a feature, the rows whose figure differs are written and no others', async () => {
    const { features: written, ...rest } = await restart(changed);
    const wanted = (coin: string, from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => rowKeyOf(coin, from + i));
    expect(new Set(written)).toEqual(new Set([...wanted('bitcoin', 12, 30), ...wanted('a|b', 15, 20)]));
    expect(written).toHaveLength(18 + 5);
    expect(rest).toEqual({ mustWrite: ['yes'], prices: [], movers: [] });
    expect(notices).toEqual([expect.stringMatching(/partition 0 was computed anew, 23 rows differed$/)]);
    expect(await latest()).toEqual(await afresh(changed));
  });

  it.each<[string, GoldSpec, Record<string, number>]>([
    ['a feature more', { ...gold, features: [...features, declare('last', (w) => w.price(0), 1)] }, { features: 49 }],
    ['a feature less', { ...gold, features: features.slice(1) }, { features: 49 }],
    ['another order of features', { ...gold, features: [...features].reverse() }, { features: 49 }],
    [
      'a mover figure more',
      { ...gold, movers: [...moverFeatures, declare('now', (w) => w.price(0), 1)] },
      { movers: 2 },
    ],
    ['a mover figure less', { ...gold, movers: moverFeatures.slice(1) }, { movers: 2 }],
    [
      'code that comes to the same',
      { ...gold, features: [{ ...features[0]!, of: (w) => 0 + w.ret(0) }, ...features.slice(1)] },
      {},
    ],
  ])('of %s, the tables become those that were never others', async (_, declared, wanted) => {
    const { mustWrite, ...written } = await restart(declared);
    const counts = Object.fromEntries(Object.entries(written).map(([table, keys]) => [table, keys.length]));
    expect(counts).toEqual({ prices: 0, features: 0, movers: 0, ...wanted });
    expect(mustWrite).toEqual(['yes']);
    expect(await latest()).toEqual(await afresh(declared));
  });

  it.each([0, 600_001, 5 * 3_600_000, 1e12])(
    'of the grace (%d ms), the rows that are final or not any more are written',
    async (graceMs) => {
      const before = await latest();
      const { prices, features: written, movers } = await restart(gold, graceMs);
      const wanted = await afresh(gold, graceMs);
      expect(await latest()).toEqual(wanted);
      const differing = wanted[0]!.filter(([key, row]) => new Map(before[0]).get(key) !== row).map(([key]) => key);
      expect([...prices!].sort()).toEqual([...differing].sort());
      expect([...written!].sort()).toEqual([...differing].sort());
      expect(movers).toEqual([]);
      // State has taken it too: nothing is left to do.
      expect(await restart(gold, graceMs)).toMatchObject({ prices: [], features: [], movers: [] });
    },
  );

  it('the rows that no hour stands behind any more are taken back', async () => {
    const gone = (key: string) => ({ topic: names.prices, partition: 0, key, value: null });
    const ofOther = Array.from({ length: 17 }, (_, i) => rowKeyOf('a|b', 3 + i));
    await driver.log.append([gone(rowKeyOf('bitcoin', 60)), ...ofOther.map(gone)]);
    const { features: written, movers } = await restart({ ...gold, movers: moverFeatures.slice(1) });
    expect(new Set(written)).toEqual(
      new Set([rowKeyOf('bitcoin', 61), ...[rowKeyOf('bitcoin', 60), ...ofOther].map((key) => `gone ${key}`)]),
    );
    expect(movers).toEqual(['bitcoin', 'gone a|b']);
    expect([...state.table('coins', { encode: () => Buffer.alloc(0), decode: () => 0 }).keys(0)]).toEqual(['bitcoin']);
  });

  it('a row that was taken back and has an hour again is written again', async () => {
    const key = rowKeyOf('bitcoin', 61);
    const silver = new Map((await latest())[0]).get(key)!;
    const at = { topic: names.prices, partition: 0, key };
    await driver.log.append([{ ...at, value: null }]);
    expect(await restart(changed)).toMatchObject({ features: expect.arrayContaining([`gone ${key}`]) as string[] });
    await driver.log.append([{ ...at, value: silver }]);
    await restart(gold, 0);
    expect(await latest()).toEqual(await afresh(gold, 0));
  });

  it('what an earlier start left of its comparison is not taken for published', async () => {
    const table = state.table('published features', { encode: (text: string) => Buffer.from(text), decode: String });
    await state.transaction(() => table.put(0, rowKeyOf('ghost', 1), 0, '{}'));
    expect((await restart(changed))['features']).not.toContain(`gone ${rowKeyOf('ghost', 1)}`);
  });

  it('a start that died on the way is made good by the next, which writes what is missing', async () => {
    const many = Array.from({ length: 90 }, (_, i) => hourlyQuotes(`coin-${i}`, 0, 60)).flat();
    await driver.play([{ kind: 'records', records: many }]);
    const dying =
      (after: number) =>
      (writer: TransactionalWriter): TransactionalWriter => ({
        ...{ id: writer.id, close: () => writer.close() },
        commit: async (all) => {
          if (after-- === 0) throw new Error('the process died');
          return writer.commit(all);
        },
      });
    const renamed: GoldSpec = { ...gold, features: [{ ...features[0]!, name: 'renamed' }, ...features.slice(1)] };
    await expect(restart(renamed, 0, dying(0))).rejects.toThrow('died');
    await expect(restart(renamed, 0, dying(1))).rejects.toThrow('died');
    const { prices, features: written } = await restart(renamed, 0);
    // Of some 5,500 rows, the first 5,000 or so had been written by the second.
    expect(written!.length + prices!.length).toBeGreaterThan(100);
    expect(written!.length + prices!.length).toBeLessThan(700);
    const fresh = new PipelineDriver({ partitions: 1, gold: renamed, graceMs: 0 });
    expect(await latest()).toEqual(rowsOf(await fresh.play([{ kind: 'records', records: [...records, ...many] }])));
    expect(await restart(renamed, 0)).toMatchObject({ prices: [], features: [], movers: [] });
  });

  it('nothing of the comparison stays in state', async () => {
    await restart(changed);
    for (const table of ['published features', 'published movers'])
      expect([...state.table(table, { encode: () => Buffer.alloc(0), decode: () => 0 }).keys(0)]).toEqual([]);
  });

  it('ticks go on correcting rows by the new declarations', async () => {
    const late = quote({ hour: 5, price: 500, within: 7 });
    const after = await driver.play([
      { kind: 'redeclare', gold: changed, graceMs: 0 },
      { kind: 'records', records: [late] },
    ]);
    const fresh = new PipelineDriver({ partitions: 1, gold: changed, graceMs: 0 });
    expect(rowsOf(after)).toEqual(rowsOf(await fresh.play([{ kind: 'records', records: [...records, late] }])));
  });
});

it('whenever the declarations change, the tables end as if they had always been the last', async () => {
  const declared = fc.constantFrom(
    gold,
    changed,
    { ...gold, features: features.slice(2) },
    { ...gold, movers: moverFeatures.slice(1) },
  );
  const step = fc.record({
    gold: declared,
    graceMs: fc.constantFrom(0, 600_000, 7_200_000),
    records: arbitraryRecords,
    crash: fc.option(fc.constantFrom('outputs-ready' as const, 'log-committed' as const, 'state-committed' as const)),
    losesState: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 3 }), async (steps) => {
      const tablesAtEnd = await new PipelineDriver({ partitions: 2 }).play(
        steps.flatMap(({ crash, losesState, records: some, ...declarations }) => [
          { kind: 'redeclare' as const, ...declarations },
          { kind: 'records' as const, records: some },
          ...(crash === null ? [] : [{ kind: 'crash' as const, step: crash, nth: 2 }]),
          ...(losesState ? [{ kind: 'lose-state' as const }] : []),
          { kind: 'run' as const },
        ]),
      );
      const { gold: last, graceMs } = steps.at(-1)!;
      const fresh = new PipelineDriver({ partitions: 2, gold: last, graceMs });
      const all = steps.flatMap((each) => each.records);
      expect(rowsOf(tablesAtEnd)).toEqual(rowsOf(await fresh.play([{ kind: 'records', records: all }])));
    }),
    { numRuns: 40 },
  );
});
