import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { PulseError } from '../../../errors.ts';
import { compressors, decompressors } from '../parquet/snappy.ts';
import { type Action, action } from './actions.ts';
import { CHECKPOINT_COLUMNS, checkpointSchema } from './checkpoint-schema.ts';

/** A table's whole state as a classic checkpoint (protocol, "Checkpoints"). */
export function encodeCheckpoint(actions: readonly Action[]): Uint8Array {
  const writer = new ByteWriter();
  const file = new ParquetWriter({
    writer,
    schema: [...checkpointSchema],
    compressors,
    createdBy: 'crypto-pulse',
  });
  const columnData = CHECKPOINT_COLUMNS.map((name) => ({
    name,
    data: actions.map((each) => withLongs(each[name] ?? null)),
  }));
  void file.write({ columnData, rowGroupSize: 100_000 });
  void file.finish();
  return writer.getBytes();
}

/** Throws `table-corrupt` for what is no checkpoint. */
export async function decodeCheckpoint(bytes: Uint8Array, where: string): Promise<readonly Action[]> {
  try {
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const metadata = parquetMetadata(file);
    const rows = await parquetReadObjects({ file, metadata, compressors: decompressors });
    return rows.map((row) => action.parse(withNumbers(row)));
  } catch (cause) {
    throw new PulseError('table-corrupt', `${where} can't be read as a checkpoint: ${String(cause)}`, { cause });
  }
}

const LONGS: ReadonlySet<string> = new Set([
  'createdTime',
  'version',
  'lastUpdated',
  'size',
  'modificationTime',
  'deletionTimestamp',
]);

/** The action's 64-bit numbers as the writer wants them. */
const withLongs = (one: object | null): object | null =>
  one === null
    ? null
    : Object.fromEntries(
        Object.entries(one).map(([name, value]) => [
          name,
          LONGS.has(name) && typeof value === 'number' ? BigInt(value) : (value as unknown),
        ]),
      );

/** What was read, with plain numbers, as far down as it goes. */
function withNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(withNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withNumbers(inner)]));
}
