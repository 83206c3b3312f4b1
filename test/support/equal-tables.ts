import { expect } from 'vitest';
import type { PrintedRecord } from './pulse.ts';

type Row = Readonly<Record<string, unknown>>;

const TOLERANCE = 1e-12;

/**
 * Expects the printed latest rows to be the wanted ones: the same keys, nulls and texts equal, numbers within 1e-12,
 * relative or absolute.
 */
export function expectEqualTable(
  printed: readonly Pick<PrintedRecord, 'key' | 'value'>[],
  wanted: ReadonlyMap<string, object>,
): void {
  const keys = printed.map(({ key }) => key ?? '').sort();
  expect(keys).toEqual([...wanted.keys()].sort());
  const differences: string[] = [];
  for (const { key, value } of printed) {
    const want = wanted.get(key ?? '') as Row;
    const got = value as Row;
    for (const column of new Set([...Object.keys(want), ...Object.keys(got)]))
      if (!same(got[column], want[column]))
        differences.push(`${key} ${column}: ${JSON.stringify(got[column])} is not ${JSON.stringify(want[column])}`);
  }
  expect(differences).toEqual([]);
}

function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  const apart = Math.abs(a - b);
  return apart <= TOLERANCE || apart <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
}
