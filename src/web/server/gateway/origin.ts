import type { IncomingMessage } from 'node:http';

/**
 * True where a websocket may be opened by that page: one of this server's own (same host and port), or of an origin that
 * is allowed by name. A client that is no browser sends no origin, and may.
 */
export function isOriginAllowed(request: IncomingMessage, allowed: readonly string[]): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}
