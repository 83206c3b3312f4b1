import type { Row } from '../parquet/column.ts';

/** What becomes of a key of an upserted table: its latest row, or undefined where it has none any more. */
export type RowChange = Row | undefined;

/** Brings the changes into the rows; false where they are what the rows are already. */
export function applyChanges<Key>(rows: Map<Key, Row>, changes: ReadonlyMap<Key, RowChange>): boolean {
  let hasChanged = false;
  for (const [key, change] of changes) {
    const before = rows.get(key);
    if (change === undefined) {
      hasChanged = rows.delete(key) || hasChanged;
    } else if (before === undefined || !areEqual(before, change)) {
      rows.set(key, change);
      hasChanged = true;
    }
  }
  return hasChanged;
}

const areEqual = (before: Row, after: Row): boolean =>
  Object.keys(after).every((name) => Object.is(before[name] ?? null, after[name] ?? null));
