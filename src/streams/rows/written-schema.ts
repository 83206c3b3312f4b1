import avro from 'avsc';
import type { Resolver, Type } from 'avsc';
import { PulseError } from '../../errors.ts';
import type { Fields } from '../3-silver/hour-fields.ts';
import { formatRfc3339, isRfc3339Time } from '../rfc3339.ts';
import { HEADER_BYTES } from './wire-format.ts';

/** A column as its JSON has it: `,"name":` and whether it is a time. */
interface Column {
  readonly name: string;
  readonly head: string;
  readonly isTime: boolean;
}

/** A schema that rows were written with, and what reads them. */
export class WrittenSchema {
  readonly #type: Type;
  readonly #columns: readonly Column[];
  readonly #resolvers = new Map<Type, Resolver | undefined>();

  /** Throws `bad-record` for what is no schema of a record. */
  constructor(schema: string) {
    try {
      const parsed = JSON.parse(schema) as { readonly fields: readonly { name: string; type: unknown }[] };
      this.#type = avro.Type.forSchema(parsed as unknown as avro.Schema);
      this.#columns = parsed.fields.map(({ name, type }, i) => ({
        ...{ name, head: `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`, isTime: isTime(type) },
      }));
    } catch (cause) {
      throw new PulseError('bad-record', `its schema is not a record's: ${(cause as Error).message}`, { cause });
    }
  }

  /** The record's full name. */
  get name(): string {
    return this.#type.name ?? '';
  }

  /** The row as JSON, as written: these columns in this order. */
  json(value: Buffer): Buffer {
    const row = decode(this.#type, value);
    let text = '';
    for (const { name, head, isTime } of this.#columns)
      text += head + (isTime ? timeText(name, row[name]) : JSON.stringify(row[name]));
    return Buffer.from(`${text}}`);
  }

  /** The row's columns as another schema has them, by Avro's rules; times are milliseconds. */
  readAs(reader: Type, value: Buffer): Fields {
    if (!this.#resolvers.has(reader)) this.#resolvers.set(reader, this.#resolver(reader));
    return decode(reader, value, this.#resolvers.get(reader));
  }

  #resolver(reader: Type): Resolver | undefined {
    if (reader.equals(this.#type)) return undefined;
    try {
      return reader.createResolver(this.#type);
    } catch (cause) {
      throw new PulseError('bad-record', `its schema can't be read by today's: ${(cause as Error).message}`, { cause });
    }
  }
}

function decode(type: Type, value: Buffer, resolver?: Resolver): Fields {
  const decoded: { value: unknown; offset: number } = attempt(() => type.decode(value, HEADER_BYTES, resolver));
  if (decoded.offset !== value.length)
    throw new PulseError('bad-record', 'the value is not the Avro of its schema: it is too short or too long');
  return decoded.value as Fields;
}

function attempt<Result>(decoding: () => Result): Result {
  try {
    return decoding();
  } catch (cause) {
    const why = (cause as Error).message;
    throw new PulseError('bad-record', `the value is not the Avro of its schema: ${why}`, { cause });
  }
}

/** Whether a field is a time, or null. */
function isTime(type: unknown): boolean {
  if (Array.isArray(type)) return type.some(isTime);
  return typeof type === 'object' && type !== null && 'logicalType' in type && type.logicalType === 'timestamp-millis';
}

function timeText(name: string, value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'number' && isRfc3339Time(value)) return `"${formatRfc3339(value)}"`;
  throw new PulseError('bad-record', `the field ${name} is ${JSON.stringify(value)}, which is no time`);
}
