import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { PulseError } from '../../../errors.ts';
import type { Cell, Column, Row } from './column.ts';
import { compressors } from './compressors.ts';

/** Bytes are text only where the schema says so; numbers keep every bit. */
const parsers = {
  timestampFromMicroseconds: (micros: bigint | null) => (micros === null ? null : Number(micros / 1000n)),
};

/**
 * The rows of a Parquet file, in its order: the columns asked for, as far as the file has them; null where it has not,
 * as for a column that a table gained later. Throws `table-corrupt` for what is no Parquet file.
 */
export async function decodeRows(
  columns: readonly Column[],
  bytes: Uint8Array,
  where: string,
): Promise<readonly Row[]> {
  try {
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const metadata = parquetMetadata(file);
    const found = new Set(metadata.schema.slice(1).map(({ name }) => name));
    const present = columns.filter(({ name }) => found.has(name));
    const rows = await parquetReadObjects({
      file,
      metadata,
      columns: present.map(({ name }) => name),
      parsers,
      compressors,
    });
    return rows.map((row) => Object.fromEntries(columns.map(({ name }) => [name, cellOf(row[name])])));
  } catch (cause) {
    throw new PulseError('table-corrupt', `${where} can't be read as Parquet: ${String(cause)}`, { cause });
  }
}

const cellOf = (value: unknown): Cell => (typeof value === 'bigint' ? Number(value) : ((value ?? null) as Cell));
