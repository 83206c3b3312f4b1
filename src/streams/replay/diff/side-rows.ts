import { PulseError } from '../../../errors.ts';
import type { StateEnvironment } from '../../../state/environment.ts';
import type { Table } from '../../../state/table.ts';
import { textCodec } from '../../../state/text-codec.ts';
import { jsonObject } from '../../json/json-object.ts';
import type { Log, RecordBatch } from '../../log/log.ts';
import type { RowReader } from '../../rows/row-format.ts';
import type { RowTable } from '../../rows/row-table.ts';
import type { TopicNames } from '../../topics.ts';

/** One of two namespaces that are compared. */
export interface DiffSide {
  readonly log: Log;
  readonly names: TopicNames;
  readonly partitions: number;
  readonly rows: RowReader;
}

/** Rows go by their keys alone: two namespaces may spread them over other numbers of partitions. */
const ANYWHERE = 0;

/** The latest rows of one table of a side, on disk: a year of hours of many coins needs no memory. */
export class SideRows {
  readonly #rows: Table<string>;
  readonly #scratch: StateEnvironment;
  /** Why the latest record of a key can't be read. */
  readonly #unreadable = new Map<string, PulseError>();
  #count = 0;

  private constructor(scratch: StateEnvironment, name: string) {
    this.#scratch = scratch;
    this.#rows = scratch.table(name, textCodec);
  }

  /**
   * Reads the table's topic up to its present end. `name` is the scratch table's; it must be empty. Rejects with `log-corrupt`
   * where a row can't be read, and no later record stands in for it.
   */
  static async load(scratch: StateEnvironment, name: string, side: DiffSide, table: RowTable): Promise<SideRows> {
    const loaded = new SideRows(scratch, name);
    for (let partition = 0; partition < side.partitions; partition++) {
      const at = { topic: side.names[table], partition };
      const { start, end } = await side.log.bounds(at);
      for await (const batch of side.log.read(at, start, end)) await loaded.#add(batch, side.rows, table);
    }
    for (const error of loaded.#unreadable.values()) throw error;
    return loaded;
  }

  get count(): number {
    return this.#count;
  }

  /** The row's JSON. */
  get(key: string): string | undefined {
    return this.#rows.get(ANYWHERE, key, 0);
  }

  keys(): Iterable<string> {
    return this.#rows.keys(ANYWHERE);
  }

  async #add(batch: RecordBatch, rows: RowReader, table: RowTable): Promise<void> {
    await rows.prepare(batch);
    await this.#scratch.transaction(() => {
      for (const { key, value, offset } of batch.records) {
        const name = String(key);
        const isThere = this.get(name) !== undefined;
        const row = value && jsonOf(rows, table, value, `${batch.topic}[${batch.partition}] offset ${offset}`);
        this.#unreadable.delete(name);
        if (row instanceof PulseError) this.#unreadable.set(name, row);
        else if (row === null) this.#rows.remove(ANYWHERE, name, 0);
        else this.#rows.put(ANYWHERE, name, 0, row);
        if (!(row instanceof PulseError)) this.#count += Number(row !== null) - Number(isThere);
      }
    });
  }
}

function jsonOf(rows: RowReader, table: RowTable, value: Buffer, where: string): string | PulseError {
  try {
    const json = rows.json(table, value);
    // Parsed here, where it is known which record it is that is none.
    jsonObject(json);
    return json.toString('utf8');
  } catch (cause) {
    if (!(cause instanceof PulseError && cause.code === 'bad-record')) throw cause;
    return new PulseError('log-corrupt', `the row at ${where} can't be read: ${cause.message}`, { cause });
  }
}
