import avro from 'avsc';
import type { FeatureDeclaration } from '../4-gold/feature.ts';
import type { GoldSpec } from '../4-gold/roll-windows.ts';
import type { RowWriter } from './row-format.ts';
import type { RowTable } from './row-table.ts';
import { type AvroRecord, rowSchemas } from './row-schemas.ts';
import { HEADER_BYTES, writeHeader } from './wire-format.ts';

type Row = Readonly<Record<string, unknown>>;
type Columns = Readonly<Record<string, string | number | boolean | null>>;
type Figures = Readonly<Record<string, number | null>>;

/** Rows as Avro, each behind the id that the registry gave to its table's schema. */
export function avroWriter(gold: GoldSpec, ids: Readonly<Record<RowTable, number>>): RowWriter {
  const schemas = rowSchemas(gold);
  const encoder = (table: RowTable) => rowEncoder(schemas[table], ids[table]);
  const [prices, features, movers] = [encoder('prices'), encoder('features'), encoder('movers')];
  const layFeatures = layout(schemas.features, gold.features);
  const layMover = layout(schemas.movers, gold.movers);
  return {
    silver: (coinId, row, final) =>
      prices({
        coin_id: coinId,
        ts: row.ts,
        price: row.price,
        open: row.open,
        high: row.high,
        low: row.low,
        market_cap: row.marketCap,
        volume: row.volume,
        observations: row.observations,
        open_event_ts: row.openEventTs,
        open_observed_at: row.openObservedAt,
        close_event_ts: row.closeEventTs,
        close_observed_at: row.closeObservedAt,
        observed_at: row.observedAt,
        final,
      }),
    features: ({ coinId, ts, price, marketCap, volume, features: figures, final }) =>
      features(layFeatures({ coin_id: coinId, ts, price, market_cap: marketCap, volume, final }, figures)),
    mover: ({ coinId, asOf, price, marketCap, volume, features: figures }) =>
      movers(layMover({ coin_id: coinId, as_of: asOf, price, market_cap: marketCap, volume }, figures)),
  };
}

/**
 * Lays columns and declared figures out in one and the same object, to be encoded at once: made afresh, it would have a
 * shape that is only looked up, with which the compiled code takes ten times as long. -0 is written 0, as in JSON.
 */
function layout(
  { fields }: AvroRecord,
  declared: readonly FeatureDeclaration[],
): (of: Columns, figures: Figures) => Row {
  const row: Record<string, unknown> = Object.fromEntries(fields.map(({ name }) => [name, null]));
  const names = declared.map(({ name }) => name);
  return (columns, figures) => {
    for (const name in columns) row[name] = columns[name];
    for (const name of names) row[name] = figures[name] == null ? null : figures[name] + 0;
    return row;
  };
}

/** A row of text and some thirty numbers; one that needs more gets it. */
const USUAL_BYTES = 1024;

/** The type is compiled once, and every row written in the same place first: what `toBuffer` does, with room ahead. */
function rowEncoder(schema: AvroRecord, id: number): (row: Row) => Buffer {
  const type = avro.Type.forSchema(JSON.parse(JSON.stringify(schema)) as avro.Schema);
  let scratch = Buffer.alloc(USUAL_BYTES);
  return (row) => {
    let end = type.encode(row, scratch, HEADER_BYTES);
    if (end < 0) {
      scratch = Buffer.alloc(scratch.length - end);
      end = type.encode(row, scratch, HEADER_BYTES);
    }
    writeHeader(scratch, id);
    return Buffer.from(scratch.subarray(0, end));
  };
}
