import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projectLatest } from '../../../src/web/server/view/project-latest.ts';
import type { Projection } from '../../../src/web/server/view/projections.ts';
import type { LogRecord } from '../../../src/streams/log/record.ts';

const record = (offset: number, key: string | null, value: string): LogRecord => ({
  offset,
  timestamp: 1000 + offset,
  key: key === null ? null : Buffer.from(key),
  value: Buffer.from(value),
  header: () => undefined,
  headers: () => ({}),
});

/** `!` can't be shown. Notes what it has read. */
function reading(table: Projection['table']): { readonly projection: Projection; readonly read: number[] } {
  const read: number[] = [];
  const project: Projection['project'] = ({ offset, key, value }) => {
    read.push(offset);
    const text = value?.toString() ?? '';
    if (text === '!') return { kind: 'unreadable', reason: 'it is no row' };
    return { kind: 'put', table: 'positions', key: [key?.toString() ?? ''], value: { position: text } };
  };
  return { projection: { topic: 'any', table, project }, read };
}

/** The rows that a table has after these changes. */
function tableOf(changes: ReturnType<typeof projectLatest>): ReadonlyMap<string, string> {
  const rows = new Map<string, string>();
  for (const { change } of changes)
    if (change.kind === 'put') rows.set(String(change.key[0]), (change.value as { position: string }).position);
  return rows;
}

describe('what a batch does to a table', () => {
  it('is the last row of every key, in order; those before it are not even read', () => {
    const { projection, read } = reading('features');
    const changes = projectLatest(projection, [record(0, 'a', '1'), record(1, 'b', '2'), record(2, 'a', '3')]);
    expect([...tableOf(changes)]).toEqual([
      ['b', '2'],
      ['a', '3'],
    ]);
    expect(changes.map(({ timestamp }) => timestamp)).toEqual([1001, 1002]);
    expect(read).toEqual([2, 1]);
  });

  it('is the last row that can be shown where the last can not', () => {
    const changes = projectLatest(reading('movers').projection, [
      record(0, 'a', '1'),
      record(1, 'a', '2'),
      record(2, 'a', '!'),
      record(3, 'a', '!'),
    ]);
    expect(changes.map(({ change }) => change.kind)).toEqual(['put', 'unreadable', 'unreadable']);
    expect(tableOf(changes).get('a')).toBe('2');
  });

  it.each(['tasks', 'dead_letters', 'positions'] as const)('is every record where each counts: %s', (table) => {
    const changes = projectLatest(reading(table).projection, [record(0, 'a', '1'), record(1, 'a', '2')]);
    expect(changes).toHaveLength(2);
  });

  it('ends in the same rows as record after record', () => {
    const records = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'ä'), fc.constantFrom('1', '2', '!')));
    fc.assert(
      fc.property(records, (drawn) => {
        const batch = drawn.map(([key, value], offset) => record(offset, key, value));
        const { projection } = reading('prices');
        const oneByOne = batch.map((one) => ({ change: projection.project(one), timestamp: one.timestamp }));
        const latest = tableOf(projectLatest(projection, batch));
        expect(latest).toEqual(tableOf(oneByOne));
      }),
    );
  });
});
