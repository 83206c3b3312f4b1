/** The types that the tables are made of, by their names in the Delta protocol ("Primitive Types"). */
export type ColumnType = 'string' | 'long' | 'double' | 'boolean' | 'timestamp' | 'date';

/** One column of a table. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** False for long texts: their extremes help nobody skip a file. */
  readonly statistics?: boolean;
}

/**
 * One value. A string may be given as the UTF-8 bytes that it is written as; a long is a safe integer; a timestamp is
 * milliseconds since the epoch; a date exists as a partition value alone, and is text (`2023-12-31`).
 */
export type Cell = string | Uint8Array | number | boolean | null;

/** A row by the names of its columns; a column that is absent is null. */
export type Row = Readonly<Record<string, Cell>>;
