import type { IncomingMessage } from 'node:http';
import parseRange from 'range-parser';

/** What tells a file's bytes from those that it had before. */
export interface Validators {
  /** Strong; undefined while the digest is not known. */
  readonly etag: string | undefined;
  readonly lastModified: string;
}

/** Both ends are in it. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Whether the client has these bytes already (RFC 9110, 13.1.2: the weak comparison). */
export const isKnownTo = ({ headers }: IncomingMessage, { etag }: Validators): boolean =>
  etag !== undefined &&
  (headers['if-none-match'] ?? '').split(',').some((one) => ['*', etag, `W/${etag}`].includes(one.trim()));

/**
 * The one range that is asked for (RFC 9110, 14); undefined where the whole is to be sent: for a range that is none, for
 * several, and where `If-Range` names another file.
 */
export function rangeOf(
  { headers, method }: IncomingMessage,
  bytes: number,
  validators: Validators,
): ByteRange | 'unsatisfiable' | undefined {
  const { range } = headers;
  // A range is defined for GET alone.
  if (range === undefined || method !== 'GET' || !isOf(headers['if-range']?.toString(), validators)) return undefined;
  const ranges = parseRange(bytes, range, { combine: true });
  if (ranges === -1) return 'unsatisfiable';
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return undefined;
  return ranges[0];
}

/** Whether `If-Range` holds: by the tag, which is strong, or by the very date (copies are hours apart, dates tell seconds). */
function isOf(ifRange: string | undefined, { etag, lastModified }: Validators): boolean {
  if (ifRange === undefined) return true;
  return ifRange.startsWith('"') ? ifRange === etag : ifRange === lastModified;
}
