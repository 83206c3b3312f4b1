import { PulseError } from '../../../errors.ts';
import { parseRfc3339Text } from '../../rfc3339.ts';
import type { Cell, Column, Row } from '../parquet/column.ts';

/** A topic's value by its fields' names, whatever it is encoded in. Times are RFC 3339 text, or milliseconds. */
export type DecodeValue = (value: Buffer) => Readonly<Record<string, unknown>>;

/** The value's fields as a row of these columns; throws `bad-record`, naming the field that does not fit its column. */
export function decodeRow(columns: readonly Column[], fields: Readonly<Record<string, unknown>>): Row {
  const row: Record<string, Cell> = {};
  for (const column of columns) row[column.name] = cellOf(column, fields[column.name] ?? null);
  return row;
}

function cellOf(column: Column, value: unknown): Cell {
  if (value === null && column.nullable) return null;
  const cell = typed(column, value);
  if (cell === undefined)
    throw new PulseError('bad-record', `the field ${column.name} is ${JSON.stringify(value)?.slice(0, 80)}`);
  return cell;
}

function typed({ type }: Column, value: unknown): Cell | undefined {
  switch (type) {
    case 'string':
    case 'date':
      return typeof value === 'string' ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'double':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    case 'long':
      return Number.isSafeInteger(value) ? (value as number) : undefined;
    case 'timestamp':
      if (typeof value === 'string') return parseRfc3339Text(value);
      return Number.isSafeInteger(value) ? (value as number) : undefined;
  }
}
