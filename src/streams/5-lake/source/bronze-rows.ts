import { PulseError } from '../../../errors.ts';
import type { LogRecord } from '../../log/record.ts';
import type { ParquetFile, RowRange } from '../parquet/parquet-file.ts';
import { BronzeRecord } from './bronze-record.ts';
import type { WantedRows } from './wanted-rows.ts';

const COLUMNS = ['raw', 'coin_id', 'ingest_ts', 'observed_at', 'source', 'topic', 'partition', 'offset'] as const;

type Columns = Readonly<Record<(typeof COLUMNS)[number], ArrayLike<unknown>>>;

/** The wanted records in these rows, which may lie in any order, in the order of their offsets. */
export async function readBronzeRows(
  file: ParquetFile,
  rows: RowRange,
  { at, offsets }: WantedRows,
  where: string,
): Promise<readonly LogRecord[]> {
  const columns = await file.columns(COLUMNS, rows);
  const records: LogRecord[] = [];
  let isOrdered = true;
  let before = -1;
  for (let row = 0; row < rows.end - rows.start; row++) {
    const offset = Number(columns.offset[row]);
    if (Number(columns.partition[row]) !== at.partition || offset < offsets.start || offset >= offsets.end) continue;
    refuseOther(textOf(columns.topic[row]), at.topic, where);
    if (offset < before) isOrdered = false;
    before = offset;
    records.push(recordOf(columns, row, offset));
  }
  return isOrdered ? records : records.sort((a, b) => a.offset - b.offset);
}

function refuseOther(topic: string | undefined, wanted: string, where: string): void {
  if (topic !== wanted)
    throw new PulseError('table-mismatch', `${where} holds rows of the topic ${String(topic)}, not of ${wanted}`);
}

function recordOf(columns: Columns, row: number, offset: number): LogRecord {
  return new BronzeRecord({
    offset,
    timestamp: Number(columns.ingest_ts[row]),
    key: bytesOf(columns.coin_id[row]),
    value: bytesOf(columns.raw[row]),
    observedAt: millisecondsOf(columns.observed_at[row]),
    source: bytesOf(columns.source[row]),
  });
}

/** A view: the text of a row group lies in a few pages of memory, which live as long as one of its records. */
const bytesOf = (cell: unknown): Buffer | null =>
  cell instanceof Uint8Array ? Buffer.from(cell.buffer, cell.byteOffset, cell.byteLength) : null;

const millisecondsOf = (cell: unknown): number | null => (cell == null ? null : Number(cell));

const textOf = (cell: unknown): string | undefined => bytesOf(cell)?.toString('utf8');
