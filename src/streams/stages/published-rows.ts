import { PulseError } from '../../errors.ts';
import type { StateEnvironment } from '../../state/environment.ts';
import type { Table } from '../../state/table.ts';
import { textCodec } from '../../state/text-codec.ts';
import type { HourTables } from '../3-silver/hour-state.ts';
import type { Log, OutputRecord, RecordBatch } from '../log/log.ts';
import type { RowReader } from '../rows/row-format.ts';
import type { RowTable } from '../rows/row-table.ts';
import type { TopicNames } from '../topics.ts';
import { addressOf } from './changelog-record.ts';

interface PublishedRowsOptions {
  readonly log: Log;
  readonly names: TopicNames;
  readonly state: StateEnvironment;
  readonly rows: RowReader;
  readonly partition: number;
}

const KEYS_A_STEP = 20_000;

/** The latest Gold rows of one partition of the topics, on disk for as long as they are compared. */
export class PublishedRows {
  readonly #options: PublishedRowsOptions;
  readonly #features: Table<string>;
  readonly #movers: Table<string>;

  private constructor(options: PublishedRowsOptions) {
    this.#options = options;
    this.#features = options.state.table('published features', textCodec);
    this.#movers = options.state.table('published movers', textCodec);
  }

  /** Reads the partition's Gold topics up to their present end. */
  static async load(options: PublishedRowsOptions): Promise<PublishedRows> {
    const { log, names, partition } = options;
    const rows = new PublishedRows(options);
    await rows.forget();
    for (const topic of [names.features, names.movers]) {
      const { start, end } = await log.bounds({ topic, partition });
      for await (const batch of log.read({ topic, partition }, start, end)) await rows.#add(batch);
    }
    return rows;
  }

  /** The JSON of the row as published, in whatever format; undefined where there is none, empty where it can't be read. */
  value(topic: string, key: string): string | undefined {
    return this.#table(topic).get(this.#options.partition, key, 0);
  }

  /** Tombstones for the rows that no hour stands behind. */
  orphans(tables: HourTables): OutputRecord[] {
    const { names, partition } = this.#options;
    const gone = (topic: string, key: string): OutputRecord => ({ topic, partition, key, value: null });
    const records: OutputRecord[] = [];
    for (const key of this.#features.keys(partition)) {
      const address = addressOf(Buffer.from(key));
      const hour = address && tables.hours.get(partition, address.coinId, address.ts);
      if (hour === undefined) records.push(gone(names.features, key));
    }
    for (const key of this.#movers.keys(partition))
      if (tables.coins.get(partition, key, 0) === undefined) records.push(gone(names.movers, key));
    return records;
  }

  /** Removes them from disk, however many they are. */
  async forget(): Promise<void> {
    const { state, partition } = this.#options;
    for (const table of [this.#features, this.#movers])
      for (let keys = someKeys(table, partition); keys.length > 0; keys = someKeys(table, partition))
        await state.transaction(() => {
          for (const key of keys) table.remove(partition, key, 0);
        });
  }

  async #add(batch: RecordBatch): Promise<void> {
    const { state, partition, names, rows } = this.#options;
    const table = this.#table(batch.topic);
    const kind = batch.topic === names.features ? 'features' : 'movers';
    await rows.prepare(batch);
    await state.transaction(() => {
      for (const { key, value } of batch.records) {
        if (value === null) table.remove(partition, String(key), 0);
        else table.put(partition, String(key), 0, jsonOf(rows, kind, value));
      }
    });
  }

  #table(topic: string): Table<string> {
    return topic === this.#options.names.features ? this.#features : this.#movers;
  }
}

/** The first keys of the partition, as many as one transaction takes. */
function someKeys(table: Table<string>, partition: number): readonly string[] {
  const keys: string[] = [];
  for (const key of table.keys(partition)) if (keys.push(key) === KEYS_A_STEP) break;
  return keys;
}

/** A row that can't be read is none that could be left as it is. */
function jsonOf(rows: RowReader, table: RowTable, value: Buffer): string {
  try {
    return rows.json(table, value).toString('utf8');
  } catch (error) {
    if (error instanceof PulseError && error.code === 'bad-record') return '';
    throw error;
  }
}
