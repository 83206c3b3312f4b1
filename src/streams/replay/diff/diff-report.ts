import type { RowTable } from '../../rows/row-table.ts';

/** The JSON fields of a row. */
export type RowFields = Readonly<Record<string, unknown>>;

/** A row that is not the same on both sides, with the fields that differ; null where the side has no such row. */
export interface RowDifference {
  readonly table: RowTable;
  readonly key: string;
  readonly a: RowFields | null;
  readonly b: RowFields | null;
}

/** How one table of two namespaces compares. */
export interface TableDiff {
  readonly table: RowTable;
  /** Rows of each side. */
  readonly rows: { readonly a: number; readonly b: number };
  readonly equal: number;
  /** Rows on both sides of which some field differs. */
  readonly differing: number;
  readonly onlyA: number;
  readonly onlyB: number;
  /** Rows that quotes reach which came in after the replay's end. */
  readonly setAside: number;
  /** How many rows differ in each field; a field that one side does not have at all differs in all of them. */
  readonly fields: Readonly<Record<string, number>>;
}

/** How the tables of two namespaces compare. */
export interface DiffReport {
  readonly tables: readonly TableDiff[];
  /** The first ones, in the order of their tables and keys. */
  readonly first: readonly RowDifference[];
}
