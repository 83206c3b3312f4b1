import { parseRfc3339Text } from '../rfc3339.ts';
import type { LogRecord } from '../log/record.ts';

/** When the quote was seen to be the latest: the header, or the record's timestamp where there is none that can be read. */
export const observedAt = (record: LogRecord): number => {
  const header = record.header('observed_at');
  return (header && parseRfc3339Text(header.toString('latin1'))) ?? record.timestamp;
};
