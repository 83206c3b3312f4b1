import { isUtf8 } from 'node:buffer';
import type { TopicPartition } from '../../log/log.ts';
import type { LogRecord } from '../../log/record.ts';
import { formatRfc3339, parseRfc3339 } from '../../rfc3339.ts';
import type { Action, AddFile } from '../delta/actions.ts';
import type { DeltaTable } from '../delta/delta-table.ts';
import { writeDataFile } from '../data-file.ts';
import type { Row } from '../parquet/column.ts';
import { bronzeTable } from '../tables.ts';
import type { TableBuffer } from './table-buffer.ts';

/** What a row takes beside its value: the object, its numbers and its place in the file's columns. */
const ROW_BYTES = 400;

/**
 * Records on their way into Bronze; a file for each day of append time, its rows in the order of the log, one partition after
 * the other, so that whoever wants one partition, or some of its offsets, finds them together.
 */
export class BronzeBuffer implements TableBuffer {
  readonly #table: DeltaTable;
  readonly #days = new Map<string, Map<number, Row[]>>();
  #written: readonly AddFile[] | undefined;
  rows = 0;
  bytes = 0;

  constructor(table: DeltaTable) {
    this.#table = table;
  }

  take(at: TopicPartition, record: LogRecord): void {
    const day = formatRfc3339(record.timestamp).slice(0, 10);
    const partitions = this.#days.get(day) ?? new Map<number, Row[]>();
    this.#days.set(day, partitions);
    const rows = partitions.get(at.partition) ?? [];
    partitions.set(at.partition, rows);
    rows.push(bronzeRow(at, record));
    this.rows++;
    this.bytes += ROW_BYTES + (record.value?.length ?? 0);
  }

  /** Whatever others have committed meanwhile, the files that were written stand. */
  async actions(): Promise<readonly Action[]> {
    const written = this.#written ?? (await this.#write());
    this.#written = written;
    return written.map((add) => ({ add }));
  }

  clear(): void {
    this.#days.clear();
    this.#written = undefined;
    this.rows = 0;
    this.bytes = 0;
  }

  async #write(): Promise<readonly AddFile[]> {
    const files: AddFile[] = [];
    for (const [day, partitions] of this.#days) {
      const rows = [...partitions].sort(([a], [b]) => a - b).flatMap(([, its]) => its);
      files.push(await writeDataFile(this.#table, bronzeTable, { ingest_date: day }, rows));
    }
    return files;
  }
}

function bronzeRow({ topic, partition }: TopicPartition, record: LogRecord): Row {
  const { key, value, offset, timestamp } = record;
  const observedAt = record.header('observed_at');
  return {
    raw: value === null ? null : isUtf8(value) ? value : value.toString('utf8'),
    coin_id: key === null ? null : key.toString('utf8'),
    ingest_ts: timestamp,
    observed_at: observedAt === undefined ? timestamp : (parseRfc3339(observedAt) ?? null),
    source: record.header('source')?.toString('utf8') ?? null,
    topic,
    partition,
    offset,
  };
}
