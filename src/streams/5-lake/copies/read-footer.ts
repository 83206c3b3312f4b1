import type { FileHandle } from 'node:fs/promises';
import { type FileMetaData, parquetMetadataAsync } from 'hyparquet';
import type { Column } from '../parquet/column.ts';
import { deltaType } from '../parquet/delta-type.ts';
import { COPY_ID } from './copy-digest.ts';

/** What a Parquet file says of itself, in its last bytes. */
export interface CopyFooter {
  /** The copy's own id; undefined for a file that the export has not written. */
  readonly id: string | undefined;
  readonly rows: number;
  readonly columns: readonly Pick<Column, 'name' | 'type'>[];
  /** The times of its first and last row, in milliseconds; undefined where it has none. */
  readonly times: readonly [number, number] | undefined;
}

/** Reads the footer of an open file of that size alone. Rejects for what is no Parquet file. */
export async function readFooter(handle: FileHandle, size: number, timeColumn: string): Promise<CopyFooter> {
  const metadata = await parquetMetadataAsync({
    byteLength: size,
    slice: async (start, end = size) => {
      const bytes = new Uint8Array(end - start);
      await handle.read(bytes, 0, bytes.length, start);
      return bytes.buffer;
    },
  });
  return {
    id: metadata.key_value_metadata?.find(({ key }) => key === COPY_ID)?.value,
    rows: Number(metadata.num_rows),
    columns: metadata.schema.slice(1).flatMap((element) => {
      const type = deltaType(element);
      return type === undefined ? [] : [{ name: element.name, type }];
    }),
    times: timesOf(metadata, timeColumn),
  };
}

function timesOf({ row_groups }: FileMetaData, timeColumn: string): readonly [number, number] | undefined {
  const times = row_groups.flatMap(({ columns }) => {
    const found = columns.find(({ meta_data }) => meta_data?.path_in_schema.join('.') === timeColumn)?.meta_data;
    const { min_value, max_value } = found?.statistics ?? {};
    return min_value instanceof Date && max_value instanceof Date ? [min_value.getTime(), max_value.getTime()] : [];
  });
  // By a loop: a large file has more row groups than a call may have arguments.
  return times.length === 0
    ? undefined
    : [times.reduce((a, b) => Math.min(a, b)), times.reduce((a, b) => Math.max(a, b))];
}
