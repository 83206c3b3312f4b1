import type { TopicPartition } from '../../log/log.ts';
import type { LogRecord } from '../../log/record.ts';
import { readDataFile, removal, writeDataFile } from '../data-file.ts';
import type { Action } from '../delta/actions.ts';
import type { DeltaTable } from '../delta/delta-table.ts';
import type { LakeTable } from '../lake-table.ts';
import type { Row } from '../parquet/column.ts';
import { type DecodeValue, decodeRow } from './decode-row.ts';
import { noRow } from './no-row.ts';
import { applyChanges, type RowChange } from './row-change.ts';
import type { TableBuffer } from './table-buffer.ts';

/** What a row takes in memory, about. */
const ROW_BYTES = 1_000;

export interface LatestBufferOptions {
  readonly table: LakeTable;
  readonly decode: DecodeValue;
}

/** The latest row of every coin, on their way into a table that is one file, overwritten as a whole. */
export class LatestBuffer implements TableBuffer {
  readonly #delta: DeltaTable;
  readonly #options: LatestBufferOptions;
  readonly #changes = new Map<string, RowChange>();

  constructor(delta: DeltaTable, options: LatestBufferOptions) {
    this.#delta = delta;
    this.#options = options;
  }

  get rows(): number {
    return this.#changes.size;
  }

  get bytes(): number {
    return this.rows * ROW_BYTES;
  }

  take(at: TopicPartition, { key, value, offset }: LogRecord): void {
    const { table, decode } = this.#options;
    try {
      const change = value === null ? undefined : decodeRow(table.columns, decode(value));
      this.#changes.set(key?.toString('utf8') ?? '', change);
    } catch (cause) {
      throw noRow(at, offset, cause);
    }
  }

  async actions(): Promise<readonly Action[]> {
    const { table } = this.#options;
    const files = [...this.#delta.snapshot.files.values()];
    const rows = new Map<string, Row>();
    for (const file of files)
      for (const row of await readDataFile(this.#delta.options, table, file)) rows.set(String(row.coin_id), row);
    if (!applyChanges(rows, this.#changes) && files.length < 2) return [];
    const removals = files.map((file) => removal(file, this.#delta.options.now()));
    if (rows.size === 0) return removals;
    const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
    return [...removals, { add: await writeDataFile(this.#delta, table, {}, sorted) }];
  }

  clear(): void {
    this.#changes.clear();
  }
}
