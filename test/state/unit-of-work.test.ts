import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { StateEnvironment } from '../../src/state/environment.ts';
import { openMemoryState } from '../../src/state/memory/memory-environment.ts';
import type { Table } from '../../src/state/table.ts';
import { UnitOfWork } from '../../src/state/unit-of-work.ts';
import { textCodec } from '../support/state-contract.ts';

const PARTITION = 3;

let state: StateEnvironment;
let table: Table<string>;
let unit: UnitOfWork<string>;
beforeEach(() => {
  state = openMemoryState();
  table = state.table('rows', textCodec);
  unit = new UnitOfWork(table, PARTITION);
});

const stored = (key: string, ...times: readonly number[]): Promise<void> =>
  state.transaction(() => times.forEach((time) => table.put(PARTITION, key, time, `stored ${time}`)));

const visited = (key: string, from: number, to: number): readonly (readonly [number, string])[] => {
  const rows: (readonly [number, string])[] = [];
  unit.visit(key, from, to, (value, time) => rows.push([time, value]));
  return rows;
};

describe('a unit of work', () => {
  it('reads staged rows in place of stored ones, and between them', async () => {
    await stored('a', 10, 20, 30);
    for (const time of [5, 20, 25, 35]) unit.put('a', time, `staged ${time}`);
    expect(visited('a', 5, 35)).toEqual([
      [5, 'staged 5'],
      [10, 'stored 10'],
      [20, 'staged 20'],
      [25, 'staged 25'],
      [30, 'stored 30'],
    ]);
    expect([unit.get('a', 10), unit.get('a', 20), unit.get('a', 21)]).toEqual(['stored 10', 'staged 20', undefined]);
  });

  it('leaves the table as it is until it is flushed, and other keys and partitions for good', async () => {
    await state.transaction(() => table.put(4, 'a', 10, 'of another partition'));
    unit.put('a', 10, 'staged');
    expect(table.get(PARTITION, 'a', 10)).toBeUndefined();
    await state.transaction(() => unit.flush());
    unit.clear();
    expect([table.get(PARTITION, 'a', 10), table.get(4, 'a', 10)]).toEqual(['staged', 'of another partition']);
    expect(visited('b', -100, 100)).toEqual([]);
  });

  it('forgets what is staged, and only that, when it is cleared', async () => {
    await stored('a', 10);
    unit.put('a', 10, 'staged');
    unit.put('a', 11, 'staged');
    unit.clear();
    expect(visited('a', 0, 100)).toEqual([[10, 'stored 10']]);
  });

  it('flushes the same rows again while they are staged, as after a transaction that failed', async () => {
    unit.put('a', 10, 'staged');
    const failing = state.transaction(() => {
      unit.flush();
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await state.transaction(() => unit.flush());
    expect(table.get(PARTITION, 'a', 10)).toBe('staged');
  });

  it('reads as the rows will be once they are written: the plainest of models agrees', async () => {
    const key = fc.constantFrom('a', 'b');
    const time = fc.integer({ min: -4, max: 4 });
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), key, time, value: fc.string() }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('flush' as const) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear' as const) }) },
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('read' as const), key, from: time, to: time }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        await state.drop(PARTITION);
        unit.clear();
        let written = new Map<string, string>();
        let seen = new Map<string, string>();
        for (const each of steps)
          switch (each.kind) {
            case 'put':
              unit.put(each.key, each.time, each.value);
              seen.set(`${each.key} ${each.time}`, each.value);
              break;
            case 'flush':
              await state.transaction(() => unit.flush());
              written = new Map(seen);
              break;
            case 'clear':
              unit.clear();
              seen = new Map(written);
              break;
            case 'read': {
              const wanted: (readonly [number, string])[] = [];
              for (let at = each.from; at < each.to; at++) {
                const value = seen.get(`${each.key} ${at}`);
                if (value !== undefined) wanted.push([at, value]);
                expect(unit.get(each.key, at)).toBe(value);
              }
              expect(visited(each.key, each.from, each.to)).toEqual(wanted);
            }
          }
      }),
      { numRuns: 200 },
    );
  });
});
