import type { HourRow, SilverRow } from '../3-silver/hour-row.ts';
import type { FeatureRow, MoverRow } from '../4-gold/gold-row.ts';
import type { RecordBatch } from '../log/log.ts';
import type { Bytes } from '../log/record.ts';
import type { RowTable } from './row-table.ts';

/** Rows to the values of their records. Synchronous: operators call it. */
export interface RowWriter {
  silver(coinId: string, row: HourRow, final: boolean): Bytes;
  features(row: FeatureRow): Bytes;
  mover(row: MoverRow): Bytes;
}

/** The values of records to rows, however they were written: a topic may hold JSON and Avro side by side. */
export interface RowReader {
  /**
   * Resolves when the rows of the batch can be read; a batch of another topic needs nothing. Rejects with
   * `registry-unavailable` or `registry-refused` where their schemas can't be had, and with `settings` where there are
   * Avro rows and no registry is set. A row that can't be read whatever one does is left for the calls below.
   */
  prepare(batch: RecordBatch): Promise<void>;
  /** A row of `pulse.prices_hourly`; throws `bad-record`, naming what is wrong. */
  silver(value: Buffer): SilverRow;
  /** The row's JSON, with the columns that it was written with; throws `bad-record` for Avro that can't be read. */
  json(table: RowTable, value: Buffer): Buffer;
}

/** How the rows of the three tables lie in their topics. Nobody who has one knows whether that is JSON or Avro. */
export interface RowFormat extends RowReader {
  /**
   * What writes rows, once it may. Rejects with `registry-unavailable`, `registry-refused` or, where rows that are
   * there could not be read any more by what is declared now, `schema-incompatible`.
   */
  writer(): Promise<RowWriter>;
}
