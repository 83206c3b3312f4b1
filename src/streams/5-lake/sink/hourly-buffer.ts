import { PulseError } from '../../../errors.ts';
import type { TopicPartition } from '../../log/log.ts';
import type { LogRecord } from '../../log/record.ts';
import type { Action } from '../delta/actions.ts';
import type { DeltaTable } from '../delta/delta-table.ts';
import { inParallel } from '../in-parallel.ts';
import type { LakeTable } from '../lake-table.ts';
import { type DecodeValue, decodeRow } from './decode-row.ts';
import { HourlyFiles } from './hourly-files.ts';
import { noRow } from './no-row.ts';
import { rewriteHours } from './rewrite-hours.ts';
import type { RowChange } from './row-change.ts';
import type { TableBuffer } from './table-buffer.ts';

/** Files that are written at once: their syncs overlap. */
const AT_ONCE = 8;

/** What a row takes in memory, about. */
const ROW_BYTES = 1_000;

/** The coin and the hour of a record's key. */
export type ParseHourKey = (key: Buffer | null) => { readonly coinId: string; readonly ts: number };

export interface HourlyBufferOptions {
  readonly table: LakeTable;
  readonly decode: DecodeValue;
  readonly parseKey: ParseHourKey;
}

/**
 * The latest rows of hours, on their way into a table that is upserted on (`coin_id`, `ts`). A row whose latest record is
 * not final, or is a tombstone, is not in the table: where it was, it is taken out.
 */
export class HourlyBuffer implements TableBuffer {
  readonly #delta: DeltaTable;
  readonly #options: HourlyBufferOptions;
  readonly #files: HourlyFiles;
  readonly #coins = new Map<string, Map<number, RowChange>>();
  rows = 0;

  constructor(delta: DeltaTable, options: HourlyBufferOptions) {
    this.#delta = delta;
    this.#options = options;
    this.#files = new HourlyFiles(delta);
  }

  get bytes(): number {
    return this.rows * ROW_BYTES;
  }

  take(at: TopicPartition, record: LogRecord): void {
    try {
      this.#take(record);
    } catch (cause) {
      if (cause instanceof PulseError && cause.code === 'table-corrupt') throw cause;
      // A tombstone of a key that no row has: a rebuild leaves it where somebody wrote under such a key.
      if (record.value === null) return;
      throw noRow(at, record.offset, cause);
    }
  }

  async actions(): Promise<readonly Action[]> {
    const parts = [...this.#coins].flatMap(([coinId, changes]) => this.#files.parts(coinId, changes));
    const { table } = this.#options;
    const written = await inParallel(parts, AT_ONCE, (part) => rewriteHours(this.#delta, table, part));
    return written.flat();
  }

  clear(): void {
    this.#coins.clear();
    this.rows = 0;
  }

  #take({ key, value }: LogRecord): void {
    const { table, decode, parseKey } = this.#options;
    const { coinId, ts } = parseKey(key);
    const fields = value === null ? undefined : decode(value);
    const change = fields?.final === true ? decodeRow(table.columns, fields) : undefined;
    const changes = this.#coins.get(coinId);
    // Most rows of a running hour come many times before they are final; of those, nothing needs to be kept.
    if (change === undefined && changes?.has(ts) !== true && !this.#files.mayHold(coinId, ts)) return;
    if (changes?.has(ts) !== true) this.rows++;
    if (changes === undefined) this.#coins.set(coinId, new Map([[ts, change]]));
    else changes.set(ts, change);
  }
}
