import type { FeatureDeclaration } from '../4-gold/feature.ts';
import type { RowReader } from '../rows/row-format.ts';
import type { RowTable } from '../rows/row-table.ts';
import { jsonObject } from '../json/json-object.ts';
import type { RecordBatch } from '../log/log.ts';
import type { TopicNames } from '../topics.ts';
import { BronzeBuffer } from './sink/bronze-buffer.ts';
import type { DecodeValue } from './sink/decode-row.ts';
import { HourlyBuffer, type ParseHourKey } from './sink/hourly-buffer.ts';
import { LatestBuffer } from './sink/latest-buffer.ts';
import type { SinkSpec } from './sink/sink-session.ts';
import { bronzeTable, featuresTable, moversTable, silverTable } from './tables.ts';

export interface LakeSinksOptions {
  readonly names: TopicNames;
  readonly partitions: number;
  readonly features: readonly FeatureDeclaration[];
  readonly movers: readonly FeatureDeclaration[];
  /** Reads the rows of the output topics. */
  readonly rows: RowReader;
  readonly parseKey: ParseHourKey;
}

/*
 * coingecko.markets     ─► bronze/markets_snapshot   appended, as it came
 * pulse.prices_hourly   ─► silver/prices_hourly      upserted on (coin_id, ts), final rows
 * pulse.features_hourly ─► gold/features_hourly      upserted on (coin_id, ts), final rows
 * pulse.top_movers_24h  ─► gold/top_movers_24h       overwritten
 */

/** Every table of the lake, with the topic that fills it. */
export function lakeSinks({ names, ...options }: LakeSinksOptions): readonly SinkSpec[] {
  const { partitions, rows, parseKey } = options;
  const features = featuresTable(options.features);
  const movers = moversTable(options.movers);
  const decodeAs =
    (table: RowTable): DecodeValue =>
    (value) =>
      jsonObject(rows.json(table, value));
  const common = { partitions, prepare: (batch: RecordBatch) => rows.prepare(batch) };
  return [
    { ...common, table: bronzeTable, topic: names.markets, createBuffer: (table) => new BronzeBuffer(table) },
    {
      table: silverTable,
      ...common,
      topic: names.prices,
      createBuffer: (delta) => new HourlyBuffer(delta, { table: silverTable, decode: decodeAs('prices'), parseKey }),
    },
    {
      table: features,
      ...common,
      topic: names.features,
      createBuffer: (delta) => new HourlyBuffer(delta, { table: features, decode: decodeAs('features'), parseKey }),
    },
    {
      table: movers,
      ...common,
      topic: names.movers,
      createBuffer: (delta) => new LatestBuffer(delta, { table: movers, decode: decodeAs('movers') }),
    },
  ];
}
