import type { RowFields } from './diff-report.ts';

/**
 * The fields of which two rows' values differ, in the order in which they come; empty where the rows are equal. Values are those
 * that JSON holds: numbers are equal when their bits are, for they are written so that reading gives the same bits.
 */
export function differingFields(a: RowFields, b: RowFields): readonly string[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].filter((name) => !Object.is(a[name], b[name]));
}

/** The row with those fields alone. */
export const onlyFields = (row: RowFields, names: readonly string[]): RowFields =>
  Object.fromEntries(names.filter((name) => name in row).map((name) => [name, row[name]]));
