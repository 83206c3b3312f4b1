import { type Answer, failure } from './answer.ts';
import { parseTime } from '../view/fields.ts';

export const MAX_ROWS = 10_000;

/** Hours `[from, to)`, and how many rows at most. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}

/** The range that a query names, or what is wrong with it. Times are RFC 3339; absent bounds are open. */
export function parseRange(query: URLSearchParams): RowRange | Answer {
  for (const name of query.keys())
    if (!['from', 'to', 'limit'].includes(name))
      return failure(400, 'unknown-parameter', `There is no parameter ${quoted(name)}: use from, to and limit.`);
  const from = time(query, 'from', -8.64e15);
  if (typeof from === 'object') return from;
  const to = time(query, 'to', 8.64e15);
  if (typeof to === 'object') return to;
  if (from > to) return failure(400, 'bad-range', 'from is after to.');
  const text = query.get('limit') ?? String(MAX_ROWS);
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  if (!(limit >= 1 && limit <= MAX_ROWS))
    return failure(400, 'bad-limit', `limit is ${quoted(text)}: use a whole number from 1 to ${MAX_ROWS}.`);
  return { from, to, limit };
}

function time(query: URLSearchParams, name: string, absent: number): number | Answer {
  const text = query.get(name);
  if (text === null) return absent;
  const ms = parseTime(text);
  if (!Number.isNaN(ms)) return ms;
  return failure(400, 'bad-time', `${name} is ${quoted(text)}: use RFC 3339, as in 2023-12-01T00:00:00Z.`);
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 80));
