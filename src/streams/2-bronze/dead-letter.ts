import type { OutputRecord, TopicPartition } from '../log/log.ts';
import type { LogRecord } from '../log/record.ts';

/** Why a record is set aside. */
export interface DeadLetterCause {
  /** One of a closed set, for counting. */
  readonly reason: string;
  /** One line for a person. */
  readonly error: string;
}

/** A log that took a record need not take it with headers added: brokers refuse those above a mebibyte, if not told otherwise. */
const LARGEST_BYTES = 1_040_000;
/** Kept of the key and of the value of a larger one. */
const EXCERPT_BYTES = 65_536;

/**
 * The record of `pulse.dead_letters` for a record that can't be used: its key, bytes and headers as they came, and
 * headers that say where it lies (`topic`, `partition`, `offset`) and why it is here (`reason`, `error`). Of one that is too
 * large for that, key and value are cut, its own headers are left out, and `cut_from` says how many bytes it has.
 */
export function deadLetter(to: string, record: LogRecord, from: TopicPartition, cause: DeadLetterCause): OutputRecord {
  const at = { topic: from.topic, partition: String(from.partition), offset: String(record.offset) };
  const why = { ...at, reason: cause.reason, error: cause.error };
  const { key, value } = record;
  const headers = record.headers();
  const bytes = sizeOf(key) + sizeOf(value) + headerBytes(headers);
  const letter = { topic: to, partition: from.partition };
  if (bytes <= LARGEST_BYTES) return { ...letter, key, value, headers: { ...headers, ...why } };
  return { ...letter, key: cut(key), value: cut(value), headers: { ...why, cut_from: String(bytes) } };
}

const cut = (bytes: Buffer | null): Buffer | null => bytes?.subarray(0, EXCERPT_BYTES) ?? null;

const sizeOf = (bytes: Buffer | null): number => bytes?.length ?? 0;

const headerBytes = (headers: Readonly<Record<string, Buffer>>): number =>
  Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + sizeOf(value), 0);
