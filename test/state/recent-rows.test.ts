import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Codec } from '../../src/state/codec.ts';
import { MemoryTable } from '../../src/state/memory/memory-table.ts';
import { RecentRows } from '../../src/state/recent-rows.ts';
import type { Table } from '../../src/state/table.ts';

const numbers: Codec<number> = {
  encode: (value) => Buffer.from(String(value)),
  decode: (bytes) => Number(bytes.toString()),
};

const PARTITION = 3;
const key = fc.constantFrom('a', 'b', 'c');
const time = fc.integer({ min: 0, max: 700 });
const operation = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), key, time, value: fc.nat(1000) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('fill' as const), key, time, count: fc.nat(400) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('visit' as const), key, time, length: fc.nat(300) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('get' as const), key, time }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), key, time }) },
);

const visited = (table: Table<number>, name: string, from: number, to: number): [number, number][] => {
  const rows: [number, number][] = [];
  table.visit(PARTITION, name, from, to, (value, at) => rows.push([at, value]));
  return rows;
};

describe('RecentRows', () => {
  it('shows what the table holds, whatever was read and written before', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const table = new MemoryTable(numbers);
        const recent = new RecentRows(table, PARTITION);
        for (const one of operations)
          switch (one.kind) {
            case 'put':
              recent.put(PARTITION, one.key, one.time, one.value);
              break;
            case 'fill':
              for (let i = 0; i < one.count; i++) recent.put(PARTITION, one.key, one.time + i, i);
              break;
            case 'remove':
              recent.remove(PARTITION, one.key, one.time);
              break;
            case 'get':
              expect(recent.get(PARTITION, one.key, one.time)).toBe(table.get(PARTITION, one.key, one.time));
              break;
            case 'visit': {
              const to = one.time + one.length;
              expect(visited(recent, one.key, one.time, to)).toEqual(visited(table, one.key, one.time, to));
            }
          }
      }),
      { numRuns: 200 },
    );
  });

  it('reads a window from the table once', () => {
    const table = new MemoryTable(numbers);
    for (let at = 0; at < 100; at++) table.put(PARTITION, 'a', at, at);
    const recent = new RecentRows(table, PARTITION);
    visited(recent, 'a', 20, 100);
    table.drop(PARTITION);
    expect(visited(recent, 'a', 50, 60)).toHaveLength(10);
    expect(recent.get(PARTITION, 'a', 30)).toBe(30);
    expect(visited(recent, 'a', 10, 60)).toEqual([]);
  });

  it('keeps a bounded number of rows, those of the keys used last', () => {
    const table = new MemoryTable(numbers);
    const keys = Array.from({ length: 600 }, (_, i) => `coin-${i}`);
    for (const name of keys) for (let at = 0; at < 120; at++) table.put(PARTITION, name, at, at);
    const recent = new RecentRows(table, PARTITION);
    for (const name of keys) visited(recent, name, 0, 120);
    table.drop(PARTITION);
    const remembered = keys.filter((name) => visited(recent, name, 0, 120).length > 0);
    expect(remembered.length).toBe(Math.floor(65_536 / 120));
    expect(remembered).toContain(keys.at(-1));
    expect(remembered).not.toContain(keys[0]);
  });
});
