import avro from 'avsc';
import type { GoldSpec } from '../4-gold/roll-windows.ts';
import type { RowTable, RowWriter } from './row-format.ts';
import { rowSchemas } from './row-schemas.ts';
import { HEADER_BYTES, writeHeader } from './wire-format.ts';

type Figures = Readonly<Record<string, number | null>>;

/** Rows as Avro, each behind the id that the registry gave to its table's schema. */
export function avroWriter(gold: GoldSpec, ids: Readonly<Record<RowTable, number>>): RowWriter {
  const schemas = rowSchemas(gold);
  const encoder = (table: RowTable) => rowEncoder(JSON.stringify(schemas[table]), ids[table]);
  const [prices, features, movers] = [encoder('prices'), encoder('features'), encoder('movers')];
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
      features({ ...plain(figures), coin_id: coinId, ts, price, market_cap: marketCap, volume, final }),
    mover: ({ coinId, asOf, price, marketCap, volume, features: figures }) =>
      movers({ ...plain(figures), coin_id: coinId, as_of: asOf, price, market_cap: marketCap, volume }),
  };
}

/** -0 is written 0, as in JSON. */
function plain(figures: Figures): Record<string, unknown> {
  const values: Record<string, number | null> = {};
  for (const name in figures) {
    const value = figures[name];
    values[name] = value == null ? null : value + 0;
  }
  return values;
}

/** A row of text and some thirty numbers; one that needs more gets it. */
const USUAL_BYTES = 1024;

/** The type is compiled once, and every row written in the same place first: what `toBuffer` does, with room ahead. */
function rowEncoder(schema: string, id: number): (row: Readonly<Record<string, unknown>>) => Buffer {
  const type = avro.Type.forSchema(JSON.parse(schema) as avro.Schema);
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
