import type { FeatureDeclaration } from '../4-gold/feature.ts';
import type { GoldSpec } from '../4-gold/roll-windows.ts';
import type { RowTable } from './row-table.ts';

/** One column of a table as Avro has it. */
interface AvroField {
  readonly name: string;
  readonly type: unknown;
  readonly default?: null;
  readonly doc?: string;
}

/** An Avro record, as https://avro.apache.org/docs/1.12.0/specification lays it down. */
export interface AvroRecord {
  readonly type: 'record';
  readonly name: string;
  readonly namespace: string;
  readonly doc: string;
  readonly fields: readonly AvroField[];
}

const text = (name: string): AvroField => ({ name, type: 'string' });
const flag = (name: string): AvroField => ({ name, type: 'boolean' });
const number = (name: string): AvroField => ({ name, type: 'double' });
const count = (name: string): AvroField => ({ name, type: 'long' });
const time = (name: string): AvroField => ({ name, type: { type: 'long', logicalType: 'timestamp-millis' } });
const optional = (name: string): AvroField => ({ name, type: ['null', 'double'], default: null });
const figure = ({ name, formula }: FeatureDeclaration): AvroField => ({ ...optional(name), doc: formula });

const record = (name: string, doc: string, fields: readonly AvroField[]): AvroRecord => ({
  ...{ type: 'record', name, namespace: 'pulse', doc, fields },
});

/**
 * The schemas of the tables, with the columns of the JSON in the same order. A declared figure is nullable with the
 * default null: rows with one more and with one less can be read by each other's readers.
 */
export const rowSchemas = ({ features, movers }: GoldSpec): Readonly<Record<RowTable, AvroRecord>> => ({
  prices: record('prices_hourly', 'The ticks of one coin and hour.', [
    ...[text('coin_id'), time('ts'), number('price'), number('open'), number('high'), number('low')],
    ...[optional('market_cap'), optional('volume'), count('observations')],
    ...['open_event_ts', 'open_observed_at', 'close_event_ts', 'close_observed_at', 'observed_at'].map(time),
    flag('final'),
  ]),
  features: record('features_hourly', 'The figures of one coin as of an hour.', [
    ...[text('coin_id'), time('ts'), number('price'), optional('market_cap'), optional('volume')],
    ...features.map(figure),
    flag('final'),
  ]),
  movers: record('top_movers_24h', 'One coin at its newest hour.', [
    ...[text('coin_id'), time('as_of'), number('price')],
    ...movers.map(figure),
    ...[optional('volume'), optional('market_cap')],
  ]),
});

/** The table whose rows have the schema of this full name. */
export const schemaName = ({ namespace, name }: AvroRecord): string => `${namespace}.${name}`;
