import type { SchemaElement } from 'hyparquet';
import type { ColumnType } from './column.ts';

/** The type of a Parquet column that `schemaElement` made; undefined for one that it would not make. */
export function deltaType({ type, converted_type }: SchemaElement): ColumnType | undefined {
  switch (type) {
    case 'BYTE_ARRAY':
      return 'string';
    case 'INT64':
      return converted_type === 'TIMESTAMP_MICROS' ? 'timestamp' : 'long';
    case 'INT32':
      return converted_type === 'DATE' ? 'date' : undefined;
    case 'DOUBLE':
      return 'double';
    case 'BOOLEAN':
      return 'boolean';
    default:
      return undefined;
  }
}
