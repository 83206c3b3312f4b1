/**
 * The milliseconds that a `Retry-After` header asks to wait from `now` on, given in seconds or as an HTTP date; undefined
 * where there is none or it is neither. Source: RFC 9110, section 10.2.3.
 */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/u.test(text)) return Number(text) * 1000;
  // All three forms of an HTTP date begin with a weekday; anything else that Date.parse takes is none.
  const until = /^[A-Z][a-z]+,? /u.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(until) ? undefined : Math.max(0, until - now);
}
