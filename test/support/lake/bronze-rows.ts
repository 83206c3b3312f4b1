import type { Row } from '../../../src/streams/5-lake/parquet/column.ts';
import type { BronzeBatch } from '../../../src/streams/5-lake/source/bronze-batches.ts';
import type { LogRecord } from '../../../src/streams/log/record.ts';
import { TOPIC } from './bronze-files.ts';

/** A row of Bronze that says of itself which one it is. */
export const bronzeRow = (partition: number, offset: number, more: Row = {}): Row => ({
  raw: `{"partition":${partition},"offset":${offset}}`,
  coin_id: `coin-${offset % 7}`,
  ingest_ts: 1_704_067_200_000 + offset,
  observed_at: 1_704_067_000_000 + offset,
  source: 'recorded',
  ...{ topic: TOPIC, partition, offset },
  ...more,
});

/** What a record says, to compare. */
export const plainRecord = (record: LogRecord): Readonly<Record<string, unknown>> => ({
  offset: record.offset,
  timestamp: record.timestamp,
  key: record.key?.toString('utf8') ?? null,
  value: record.value?.toString('utf8') ?? null,
  headers: Object.fromEntries(Object.entries(record.headers()).map(([name, bytes]) => [name, bytes.toString('utf8')])),
});

/** All that a read gives, its batches put together; throws where they do not follow on each other. */
export async function readAll(batches: AsyncIterable<BronzeBatch>, from: number) {
  const records: Readonly<Record<string, unknown>>[] = [];
  const gaps: (readonly [number, number])[] = [];
  let next = from;
  for await (const batch of batches) {
    const places = [...batch.records.map(({ offset }) => [offset, offset + 1] as const)];
    const all = [...places, ...batch.gaps.map(({ start, end }) => [start, end] as const)].sort(([a], [b]) => a - b);
    for (const [start, end] of all) {
      if (start !== next) throw new Error(`${start} follows on ${next}`);
      next = end;
    }
    if (batch.nextOffset !== next) throw new Error(`a batch ends at ${batch.nextOffset}, not ${next}`);
    records.push(...batch.records.map(plainRecord));
    gaps.push(...batch.gaps.map(({ start, end }) => [start, end] as const));
  }
  return { records, gaps, next };
}
