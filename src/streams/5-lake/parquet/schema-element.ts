import type { SchemaElement } from 'hyparquet';
import type { Column, ColumnType } from './column.ts';

/**
 * The Parquet element of a column. Delta's timestamps are microseconds in UTC (protocol, "Primitive Types"); both the
 * logical and the older converted type say so, for readers of either.
 */
export const schemaElement = ({ name, type, nullable }: Column): SchemaElement => ({
  name,
  ...physical(type),
  repetition_type: nullable ? 'OPTIONAL' : 'REQUIRED',
});

function physical(type: ColumnType): Omit<SchemaElement, 'name'> {
  switch (type) {
    case 'string':
      return { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };
    case 'long':
      return { type: 'INT64' };
    case 'double':
      return { type: 'DOUBLE' };
    case 'boolean':
      return { type: 'BOOLEAN' };
    case 'timestamp':
      return {
        type: 'INT64',
        converted_type: 'TIMESTAMP_MICROS',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
      };
    case 'date':
      return { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } };
  }
}
