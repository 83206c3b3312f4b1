import type { TopicPartition } from '../../log/log.ts';

/** Offsets of one partition, `[start, end)`. */
export interface OffsetRange {
  readonly start: number;
  readonly end: number;
}

/** What to read of a table: one partition's records in a range of offsets. */
export interface WantedRows {
  readonly at: TopicPartition;
  readonly offsets: OffsetRange;
}
