import avro from 'avsc';
import { PulseError } from '../../errors.ts';
import { silverOfFields, type TimeOf } from '../3-silver/hour-fields.ts';
import { decodeSilver } from '../3-silver/hour-json.ts';
import type { SilverRow } from '../3-silver/hour-row.ts';
import type { GoldSpec } from '../4-gold/roll-windows.ts';
import type { RecordBatch } from '../log/log.ts';
import { isRfc3339Time } from '../rfc3339.ts';
import type { TopicNames } from '../topics.ts';
import { avroWriter } from './avro-writer.ts';
import { jsonWriter } from './json-writer.ts';
import { KnownSchemas } from './known-schemas.ts';
import type { RowFormat, RowWriter } from './row-format.ts';
import type { RowTable } from './row-table.ts';
import { rowSchemas, schemaName } from './row-schemas.ts';
import type { SchemaRegistry } from './schema-registry.ts';
import { isAvro, schemaId } from './wire-format.ts';
import type { WrittenSchema } from './written-schema.ts';

export interface RowFormatOptions {
  readonly names: TopicNames;
  readonly gold: GoldSpec;
  /** With one, rows are written as Avro; without, as JSON, and Avro can't be read. */
  readonly registry?: SchemaRegistry | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const tables: readonly RowTable[] = ['prices', 'features', 'movers'];

/** How rows are written and read in a namespace, with a schema registry or without. */
export const createRowFormat = (options: RowFormatOptions): RowFormat => new Rows(options);

class Rows implements RowFormat {
  readonly #options: RowFormatOptions;
  readonly #schemas: ReturnType<typeof rowSchemas>;
  readonly #topics: ReadonlySet<string>;
  readonly #silver: avro.Type;
  readonly #known: KnownSchemas | undefined;
  #writer: Promise<RowWriter> | undefined;

  constructor(options: RowFormatOptions) {
    const { gold, names, registry, now } = options;
    this.#options = options;
    this.#schemas = rowSchemas(gold);
    this.#topics = new Set(tables.map((table) => names[table]));
    this.#silver = avro.Type.forSchema(JSON.parse(JSON.stringify(this.#schemas.prices)) as avro.Schema);
    this.#known = registry && new KnownSchemas(registry, now);
  }

  writer(): Promise<RowWriter> {
    const { registry } = this.#options;
    if (registry === undefined) return Promise.resolve(jsonWriter);
    // Whoever asks while the registry is asked shares its answer; a failure is nobody's but theirs.
    this.#writer ??= this.#register(registry).catch((error: unknown) => {
      this.#writer = undefined;
      throw error;
    });
    return this.#writer;
  }

  async prepare(batch: RecordBatch): Promise<void> {
    if (!this.#topics.has(batch.topic)) return;
    const ids = new Set<number>();
    for (const { value, offset } of batch.records) {
      // What only looks like Avro needs no registry to be refused, as the record that it is.
      const id = isAvro(value) ? schemaId(value) : undefined;
      if (id === undefined) continue;
      if (this.#known === undefined)
        throw new PulseError(
          'settings',
          `${batch.topic}[${batch.partition}] offset ${offset} is Avro: set SCHEMA_REGISTRY_URL to the registry that knows its schema`,
        );
      ids.add(id);
    }
    if (ids.size > 0) await this.#known?.learn(ids);
  }

  silver(value: Buffer): SilverRow {
    if (!isAvro(value)) return decodeSilver(value);
    return silverOfFields(this.#written('prices', value).readAs(this.#silver, value), timeOf);
  }

  json(table: RowTable, value: Buffer): Buffer {
    return isAvro(value) ? this.#written(table, value).json(value) : value;
  }

  async #register(registry: SchemaRegistry): Promise<RowWriter> {
    const ids = { prices: 0, features: 0, movers: 0 };
    for (const table of tables) {
      const schema = JSON.stringify(this.#schemas[table]);
      ids[table] = await registry.register(`${this.#options.names[table]}-value`, schema);
      this.#known?.add(ids[table], schema);
    }
    return avroWriter(this.#options.gold, ids);
  }

  /** The schema that the value was written with, which must be one of the table's: ids of another registry are not. */
  #written(table: RowTable, value: Buffer): WrittenSchema {
    const id = schemaId(value);
    if (id === undefined || this.#known === undefined) throw new PulseError('bad-record', 'the value is no Avro row');
    const schema = this.#known.get(id);
    const wanted = schemaName(this.#schemas[table]);
    if (schema.name !== wanted)
      throw new PulseError(
        'bad-record',
        `the schema ${id} of the registry is ${schema.name || 'nameless'}, not ${wanted}`,
      );
    return schema;
  }
}

const timeOf: TimeOf = (value) => (typeof value === 'number' && isRfc3339Time(value) ? value : undefined);
