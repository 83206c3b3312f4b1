import type { Column } from './parquet/column.ts';

/** One table of the lake. */
export interface LakeTable {
  /** Its folder in the data folder, such as `silver/prices_hourly`. */
  readonly name: string;
  /** What a commit does to the rows that are there: leaves them, replaces those of the same key, or all of them. */
  readonly kind: 'append' | 'upsert' | 'overwrite';
  readonly columns: readonly Column[];
  /** These columns' values are in the log and in the folders' names, not in the files (protocol, "Data Files"). */
  readonly partitionColumns: readonly string[];
  /** The column that says of which time a row is. */
  readonly timeColumn: string;
}

/** The columns that the table's files hold. */
export const fileColumns = ({ columns, partitionColumns }: LakeTable): readonly Column[] =>
  columns.filter(({ name }) => !partitionColumns.includes(name));
