import type { FeatureDeclaration } from '../4-gold/feature.ts';
import type { LakeTable } from './lake-table.ts';
import type { Column, ColumnType } from './parquet/column.ts';

const column = (name: string, type: ColumnType): Column => ({ name, type, nullable: false });
const orNull = (name: string, type: ColumnType): Column => ({ name, type, nullable: true });

/**
 * Every record of `coingecko.markets` as it came. A value that is not UTF-8 has U+FFFD where its bytes made no sense;
 * `observed_at` is null where the header of that name is no time, which makes the record a dead letter.
 */
export const bronzeTable: LakeTable = {
  name: 'bronze/markets_snapshot',
  kind: 'append',
  columns: [
    { name: 'raw', type: 'string', nullable: true, statistics: false },
    orNull('coin_id', 'string'),
    column('ingest_ts', 'timestamp'),
    orNull('observed_at', 'timestamp'),
    orNull('source', 'string'),
    column('topic', 'string'),
    column('partition', 'long'),
    column('offset', 'long'),
    column('ingest_date', 'date'),
  ],
  partitionColumns: ['ingest_date'],
  timeColumn: 'ingest_ts',
};

/** The final rows of `pulse.prices_hourly`. */
export const silverTable: LakeTable = {
  name: 'silver/prices_hourly',
  kind: 'upsert',
  columns: [
    column('coin_id', 'string'),
    column('ts', 'timestamp'),
    column('price', 'double'),
    column('open', 'double'),
    column('high', 'double'),
    column('low', 'double'),
    orNull('market_cap', 'double'),
    orNull('volume', 'double'),
    column('observations', 'long'),
    column('open_event_ts', 'timestamp'),
    column('open_observed_at', 'timestamp'),
    column('close_event_ts', 'timestamp'),
    column('close_observed_at', 'timestamp'),
    column('observed_at', 'timestamp'),
    column('final', 'boolean'),
  ],
  partitionColumns: ['coin_id'],
  timeColumn: 'ts',
};

/** The final rows of `pulse.features_hourly`; a column for every declared feature, in the order of the declarations. */
export const featuresTable = (features: readonly FeatureDeclaration[]): LakeTable => ({
  name: 'gold/features_hourly',
  kind: 'upsert',
  columns: [
    column('coin_id', 'string'),
    column('ts', 'timestamp'),
    column('price', 'double'),
    orNull('market_cap', 'double'),
    orNull('volume', 'double'),
    ...features.map(featureColumn),
    column('final', 'boolean'),
  ],
  partitionColumns: ['coin_id'],
  timeColumn: 'ts',
});

/** The rows of `pulse.top_movers_24h`: each coin at its newest hour. */
export const moversTable = (features: readonly FeatureDeclaration[]): LakeTable => ({
  name: 'gold/top_movers_24h',
  kind: 'overwrite',
  columns: [
    column('coin_id', 'string'),
    column('as_of', 'timestamp'),
    column('price', 'double'),
    ...features.map(featureColumn),
    orNull('volume', 'double'),
    orNull('market_cap', 'double'),
  ],
  partitionColumns: [],
  timeColumn: 'as_of',
});

/** A feature in hours counts them. Nullable, whatever it is: rows from before its declaration have none. */
const featureColumn = ({ name, unit }: FeatureDeclaration): Column =>
  orNull(name, unit === 'hours' ? 'long' : 'double');
