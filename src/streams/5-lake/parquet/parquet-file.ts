import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetScan } from 'hyparquet';
import { PulseError } from '../../../errors.ts';
import { decompressors } from './snappy.ts';

/** The bytes `[start, end)` of a file. */
export type ReadBytes = (start: number, end: number) => Promise<Uint8Array>;

/** Rows of a file by their places in it, `[start, end)`. */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

/** A stretch of rows that is stored, and best read, together. */
export interface RowGroup extends RowRange {
  /** The least and the largest value of a column of longs, where the file says so. */
  extremes(column: string): readonly [number, number] | undefined;
}

/** The footer and a little more; a longer one takes a second read. */
const FOOTER_BYTES = 65_536;

/** Text stays the bytes that it is; times are milliseconds. */
const parsers = {
  stringFromBytes: (bytes: unknown) => bytes,
  timestampFromMicroseconds: (micros: bigint | null) => (micros === null ? null : Number(micros / 1000n)),
};

/** A Parquet file that is read in parts: its footer, and then columns of the rows that are asked for. */
export class ParquetFile {
  readonly rowGroups: readonly RowGroup[];
  readonly #metadata: FileMetaData;
  readonly #file: AsyncBuffer;
  readonly #where: string;

  private constructor(metadata: FileMetaData, file: AsyncBuffer, where: string) {
    this.rowGroups = rowGroupsOf(metadata);
    this.#metadata = metadata;
    this.#file = file;
    this.#where = where;
  }

  /** Reads the footer of a file of that size; `where` names it. Throws `table-corrupt` for what is no Parquet file. */
  static async open(read: ReadBytes, size: number, where: string): Promise<ParquetFile> {
    const slice = async (start: number, end = size): Promise<ArrayBuffer> => bufferOf(await read(start, end));
    const file = { byteLength: size, slice };
    return explained(where, async () => {
      const metadata = await parquetMetadataAsync(file, { initialFetchSize: FOOTER_BYTES });
      return new ParquetFile(metadata, file, where);
    });
  }

  /** The values of these columns in these rows, which lie in one row group: of the file, no more than their pages are read. */
  async columns<Name extends string>(
    names: readonly Name[],
    { start, end }: RowRange,
  ): Promise<Readonly<Record<Name, ArrayLike<unknown>>>> {
    const [file, metadata] = [this.#file, this.#metadata];
    const rows = { rowStart: start, rowEnd: end };
    return explained(this.#where, async () => {
      const scan = await parquetScan({
        file,
        metadata,
        columns: [...names],
        compressors: decompressors,
        parsers,
        ...rows,
      });
      const read = names.map(async (name) => [name, await scan.readColumn({ column: name, ...rows })] as const);
      return Object.fromEntries<ArrayLike<unknown>>(await Promise.all(read)) as Record<Name, ArrayLike<unknown>>;
    });
  }
}

function rowGroupsOf({ row_groups: groups }: FileMetaData): readonly RowGroup[] {
  let end = 0;
  return groups.map(({ num_rows: rows, columns }) => {
    const start = end;
    end += Number(rows);
    const extremes: RowGroup['extremes'] = (name) => {
      const found = columns.find(({ meta_data: data }) => data?.path_in_schema.join('.') === name)?.meta_data
        ?.statistics;
      const { min_value: least, max_value: most } = found ?? {};
      return typeof least === 'bigint' && typeof most === 'bigint' ? [Number(least), Number(most)] : undefined;
    };
    return { start, end, extremes };
  });
}

/** What the disk has read, as the library wants it. */
const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): ArrayBuffer =>
  byteOffset === 0 && byteLength === buffer.byteLength && buffer instanceof ArrayBuffer
    ? buffer
    : (buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);

/** What the disk says is passed on as it is. */
async function explained<Value>(where: string, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof PulseError) throw cause;
    throw new PulseError('table-corrupt', `${where} can't be read as Parquet: ${String(cause)}`, { cause });
  }
}
