import { parseRfc3339, parseRfc3339Text } from '../rfc3339.ts';
import type { FieldScanner } from './field-scanner.ts';

/**
 * The milliseconds since the epoch that a field's RFC 3339 text names; undefined where the field is no string, or one
 * that says something else. Reads the bytes as they are, and makes a string only where they may be escaped.
 */
export function timeValue(scanner: FieldScanner, field: number): number | undefined {
  if (scanner.kind(field) !== 'string') return undefined;
  const time = parseRfc3339(scanner.bytes, scanner.start(field) + 1, scanner.end(field) - 1);
  return time ?? parseRfc3339Text(scanner.string(field));
}
