import type { Status } from '../../contract.ts';

/** Beyond this many poll intervals and this margin, a source is stale. */
const STALE_INTERVALS = 1.5;
const STALE_MARGIN_MS = 30_000;
/** A played source reports about once a second. */
const SILENT_MS = 15_000;

/** How old the figures are, by the wall clock. Played data is never fresh nor stale: it is played. */
export type Freshness =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'fresh' | 'stale'; readonly ageMs: number; readonly intervalMs: number }
  | { readonly kind: 'played'; readonly eventTime: number | null; readonly silentMs: number | null };

/** `now` is the server's clock. A live source that never succeeded is stale since its first report. */
export function freshnessOf({ source }: Pick<Status, 'source'>, now: number): Freshness {
  if (source === null) return { kind: 'unknown' };
  const reportedMs = now - Date.parse(source.reported_at);
  if (source.kind === 'played') {
    const silent = source.state !== 'ended' && reportedMs > SILENT_MS;
    return {
      kind: 'played',
      eventTime: source.event_time === null ? null : Date.parse(source.event_time),
      silentMs: silent ? reportedMs : null,
    };
  }
  const intervalMs = source.interval_ms ?? 60_000;
  if (source.last_success_at === null) {
    const kind = source.state === 'failing' || reportedMs > SILENT_MS ? 'stale' : 'unknown';
    return kind === 'unknown' ? { kind } : { kind, ageMs: Infinity, intervalMs };
  }
  const ageMs = Math.max(0, now - Date.parse(source.last_success_at));
  return { kind: ageMs > STALE_INTERVALS * intervalMs + STALE_MARGIN_MS ? 'stale' : 'fresh', ageMs, intervalMs };
}
