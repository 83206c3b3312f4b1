import { PulseError } from '../../../errors.ts';
import type { RecordBatch } from '../../log/log.ts';
import type { LogRecord } from '../../log/record.ts';
import type { Stretch } from './offset-order.ts';
import type { OffsetRange, WantedRows } from './wanted-rows.ts';

/** A batch of records, and what there is none of between them. */
export interface BronzeBatch extends RecordBatch {
  /**
   * The offsets between the batch before and `nextOffset` that no row has, in order. Kafka has such offsets wherever a
   * transaction ended; an embedded log has none.
   */
  readonly gaps: readonly OffsetRange[];
}

/** So many records a batch, of about 850 bytes each. */
const MOST_RECORDS = 2_000;

/** Ascending records in batches, up to the end that is wanted; `end` is the partition's own. Throws `table-corrupt` at an offset that comes again. */
export async function* inBatches(
  stretches: AsyncIterable<Stretch>,
  { at, offsets }: WantedRows,
  end: number,
): AsyncGenerator<BronzeBatch> {
  let records: LogRecord[] = [];
  let gaps: OffsetRange[] = [];
  let next = offsets.start;
  let before: string | undefined;
  const batch = (): BronzeBatch => {
    const taken = { ...at, records, gaps, nextOffset: next, end };
    [records, gaps] = [[], []];
    return taken;
  };
  for await (const stretch of stretches) {
    for (const record of stretch.records) {
      const { offset } = record;
      if (offset < next) throw notAscending(at, offset, before, stretch.where);
      if (offset > next) gaps.push({ start: next, end: offset });
      records.push(record);
      next = offset + 1;
      if (records.length >= MOST_RECORDS) yield batch();
    }
    before = stretch.where;
  }
  if (next < offsets.end) gaps.push({ start: next, end: offsets.end });
  next = offsets.end;
  if (records.length > 0 || gaps.length > 0) yield batch();
}

function notAscending(at: WantedRows['at'], offset: number, before: string | undefined, where: string): PulseError {
  const others = before === undefined || before === where ? 'once more' : `and in ${before} or before`;
  return new PulseError('table-corrupt', `offset ${offset} of ${at.topic}[${at.partition}] lies in ${where} ${others}`);
}
