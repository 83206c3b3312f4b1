import type { OutputRecord, TopicPartition } from '../log/log.ts';
import type { LogRecord } from '../log/record.ts';

/** Why a record is set aside. */
export interface DeadLetterCause {
  /** One of a closed set, for counting. */
  readonly reason: string;
  /** One line for a person. */
  readonly error: string;
}

/**
 * The record of `pulse.dead_letters` for a record that can't be used: its key, bytes and headers as they came, and
 * headers that say where it lies (`topic`, `partition`, `offset`) and why it is here (`reason`, `error`).
 */
export const deadLetter = (
  to: string,
  record: LogRecord,
  from: TopicPartition,
  cause: DeadLetterCause,
): OutputRecord => ({
  topic: to,
  partition: from.partition,
  key: record.key,
  value: record.value,
  headers: {
    ...record.headers(),
    topic: from.topic,
    partition: String(from.partition),
    offset: String(record.offset),
    reason: cause.reason,
    error: cause.error,
  },
});
