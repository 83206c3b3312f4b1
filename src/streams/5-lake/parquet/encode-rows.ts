import { ByteWriter, type ColumnSource, ParquetWriter, type Writer } from 'hyparquet-writer';
import type { Cell, Column, Row } from './column.ts';
import { schemaElement } from './schema-element.ts';
import { compressors } from './snappy.ts';

/** Small enough that a reader who wants an hour or an offset skips most of a large file. */
export const ROW_GROUP = 32_768;

const DAY_MS = 86_400_000;

/** The rows as a Parquet file. */
export function encodeRows(columns: readonly Column[], rows: readonly Row[]): Uint8Array {
  const writer = new ByteWriter();
  const file = openParquet(columns, writer);
  void file.write(rowGroups(columns, rows));
  void file.finish();
  return writer.getBytes();
}

/**
 * A Parquet file to write rows to. Snappy in WebAssembly: 310,000 to 550,000 rows of 160 bytes a second, where the
 * writer's own compressor came to 170,000 to 360,000.
 */
export const openParquet = (
  columns: readonly Column[],
  writer: Writer,
  properties?: Readonly<Record<string, string>>,
): ParquetWriter =>
  new ParquetWriter({
    writer,
    schema: [{ name: 'root', num_children: columns.length }, ...columns.map(schemaElement)],
    compressors,
    createdBy: 'crypto-pulse',
    ...(properties && { kvMetadata: Object.entries(properties).map(([key, value]) => ({ key, value })) }),
  });

/** The rows as the writer takes them. */
export const rowGroups = (
  columns: readonly Column[],
  rows: readonly Row[],
): { readonly columnData: ColumnSource[]; readonly rowGroupSize: number } => ({
  columnData: columns.map((column) => columnSource(column, rows)),
  rowGroupSize: ROW_GROUP,
});

function columnSource(column: Column, rows: readonly Row[]): ColumnSource {
  const { name, type, statistics = true } = column;
  const data = rows.map((row) => physicalValue(column, row[name] ?? null));
  // Long texts hardly repeat: looking for those that do costs more than it saves.
  if (!statistics) return { name, data, statistics, encoding: 'PLAIN' };
  // Times and counts lie close to each other: with their differences a Silver row takes 60 bytes, with their values 84.
  if (type === 'timestamp' || type === 'long') return { name, data, encoding: 'DELTA_BINARY_PACKED' };
  // The writer's dictionary takes -0 for 0, as any Map does.
  if (type === 'double' && data.some((value) => Object.is(value, -0))) return { name, data, encoding: 'PLAIN' };
  return { name, data };
}

function physicalValue({ name, type, nullable }: Column, cell: Cell): unknown {
  if (cell === null) {
    if (nullable) return null;
    throw new TypeError(`the column ${name} has no value`);
  }
  switch (type) {
    case 'long':
      return BigInt(cell as number);
    case 'timestamp':
      return BigInt(cell as number) * 1000n;
    case 'date':
      return Date.parse(cell as string) / DAY_MS;
    case 'string':
    case 'double':
    case 'boolean':
      return cell;
  }
}
