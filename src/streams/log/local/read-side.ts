import type { OffsetBounds, RecordBatch, TopicPartition } from '../log.ts';
import type { Arrivals } from './arrivals.ts';

/**
 * What the two logs that live in this process offer to those who read them. Calls are synchronous, each sees one
 * committed state, and throws `unknown-topic` where the topic or partition is absent.
 */
export interface ReadSide {
  bounds(at: TopicPartition): OffsetBounds;
  /**
   * Some records of `[from, to)`, as many as fit a byte budget. Progress is certain: `nextOffset` is greater than `from`
   * unless the partition ends there. Throws `offset-out-of-range` when `from` lies below the start or beyond the end.
   */
  batch(at: TopicPartition, from: number, to: number): RecordBatch;
  /** The topic's number of partitions. */
  partitions(topic: string): number;
  /** Fires after every commit that may have added records. */
  readonly arrivals: Arrivals;
}
