import { isUtf8 } from 'node:buffer';
import type { TopicPartition } from '../streams/log/log.ts';
import type { LogRecord } from '../streams/log/record.ts';
import { formatRfc3339 } from '../streams/rfc3339.ts';
import { isAvro } from '../streams/rows/wire-format.ts';

/**
 * A record as one line of JSON: `topic`, `partition`, `offset`, `timestamp`, `key`, `headers`, `value`. A value that is
 * JSON stands there as it is written, digits and all; any other as a string. Where its bytes are no UTF-8, `value_base64`
 * has them too, and so where it is Avro that was not decoded. `value`: what to print as it, where that is not the bytes.
 */
export function printedRecord(
  { topic, partition }: TopicPartition,
  record: LogRecord,
  value: Buffer | null = record.value,
): string {
  const { key } = record;
  const head = JSON.stringify({
    topic,
    partition,
    offset: record.offset,
    timestamp: formatRfc3339(record.timestamp),
    key: key?.toString('utf8') ?? null,
    headers: Object.fromEntries(
      Object.entries(record.headers()).map(([name, bytes]) => [name, bytes.toString('utf8')]),
    ),
  });
  const bytes =
    value === null || (isUtf8(value) && !isAvro(value)) ? '' : `,"value_base64":"${value.toString('base64')}"`;
  return `${head.slice(0, -1)},"value":${jsonOf(value)}${bytes}}`;
}

function jsonOf(value: Buffer | null): string {
  const text = value?.toString('utf8') ?? 'null';
  try {
    JSON.parse(text);
    // Outside of strings, where none can stand, line breaks mean nothing.
    return text.replace(/[\r\n]+/g, ' ');
  } catch {
    return JSON.stringify(text);
  }
}
