import { z } from 'zod';
import { PulseError } from '../../../errors.ts';
import type { Column, ColumnType } from '../parquet/column.ts';

const types = ['string', 'long', 'double', 'boolean', 'timestamp', 'date'] as const satisfies readonly ColumnType[];

const struct = z.object({
  type: z.literal('struct'),
  fields: z.array(z.object({ name: z.string(), type: z.enum(types), nullable: z.boolean() })),
});

/** The columns as a table's `schemaString` (protocol, "Schema Serialization Format"). */
export const toSchemaString = (columns: readonly Column[]): string =>
  JSON.stringify({
    type: 'struct',
    fields: columns.map(({ name, type, nullable }) => ({ name, type, nullable, metadata: {} })),
  });

/** The columns of a `schemaString`; throws `table-mismatch` for types that none of the lake's tables has. */
export function fromSchemaString(schemaString: string): readonly Column[] {
  try {
    return struct.parse(JSON.parse(schemaString)).fields;
  } catch (cause) {
    throw new PulseError('table-mismatch', `the table's schema is not one of this program: ${schemaString}`, { cause });
  }
}
