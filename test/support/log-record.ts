import type { LogRecord } from '../../src/streams/log/record.ts';

/** As much of a record as a test cares about. */
export interface RecordContent {
  readonly offset?: number;
  readonly timestamp?: number;
  readonly key?: string | null;
  readonly value?: Buffer | string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A record as a log gives it. */
export function logRecord(content: RecordContent = {}): LogRecord {
  const { offset = 0, timestamp = 0, key = null, value = null } = content;
  const headers = Object.fromEntries(
    Object.entries(content.headers ?? {}).map(([name, text]) => [name, Buffer.from(text)] as const),
  );
  return {
    offset,
    timestamp,
    key: key === null ? null : Buffer.from(key),
    value: typeof value === 'string' ? Buffer.from(value) : value,
    header: (name) => headers[name],
    headers: () => headers,
  };
}
