import type { Status } from '../../contract.ts';
import { formatAge, formatTime, type Zone, zoneName } from '../format/time.ts';
import type { Freshness } from '../market/freshness.ts';

/** What the strip below the header says of the source. */
export interface SourceMessage {
  readonly tone: 'waiting' | 'live' | 'played' | 'stale';
  readonly headline: string;
  readonly detail: string;
  /** 0 to 1 where a playback's end is known. */
  readonly progress: number | null;
}

/** Says where the figures come from, in words that can't be mistaken for live where they aren't. */
export function describeSource(status: Status | null, freshness: Freshness, zone: Zone): SourceMessage {
  if (status === null) return { tone: 'waiting', headline: 'Connecting', detail: '', progress: null };
  const { source } = status;
  if (source === null) {
    const detail =
      status.view.message ?? 'No quotes have come yet. They appear here as soon as an ingest publishes some.';
    return { tone: 'waiting', headline: 'Waiting for a source', detail, progress: null };
  }
  if (source.kind === 'played') return played(status, freshness, zone);
  const detail = source.message ?? '';
  if (freshness.kind === 'stale') {
    const last = source.last_success_at === null ? null : Date.parse(source.last_success_at);
    const since =
      last === null
        ? 'CoinGecko has not answered yet.'
        : `Prices are as of ${at(last, zone)}, ${formatAge(freshness.ageMs)} ago.`;
    return { tone: 'stale', headline: 'Stale data', detail: `${since} ${detail}`.trim(), progress: null };
  }
  const every = source.interval_ms === null ? '' : `Fetched every ${formatAge(source.interval_ms)}. `;
  return {
    tone: 'live',
    headline: 'Live from CoinGecko',
    detail: `${every}${detail}`.trim(),
    progress: source.progress,
  };
}

function played({ source }: Status, freshness: Freshness, zone: Zone): SourceMessage {
  const isSimulated = source?.source === 'simulated';
  const ms = source?.event_time == null ? null : Date.parse(source.event_time);
  const month = ms === null ? '' : ` of ${monthOf(ms)}`;
  const headline = isSimulated
    ? 'Simulated quotes, not a market'
    : `Recorded market${month}, ${pace(source?.speed ?? null)}`;
  const parts = [source?.message ?? (isSimulated ? 'These numbers are invented.' : 'These are not live prices.')];
  if (source?.state === 'ended') parts.push(`It ended at ${at(ms, zone)}.`);
  else if (freshness.kind === 'played' && freshness.silentMs !== null)
    parts.push(`No word from the playback for ${formatAge(freshness.silentMs)}.`);
  return { tone: 'played', headline, detail: parts.join(' '), progress: source?.progress ?? null };
}

/** How fast it is played, as a person feels it. */
function pace(speed: number | null): string {
  if (speed === null) return 'played at full speed';
  if (speed === 1) return 'played in real time';
  const seconds = 3600 / speed;
  return seconds >= 1 && seconds <= 120
    ? `played as a time-lapse: an hour every ${Number(seconds.toPrecision(2))} s`
    : `played as a time-lapse, ${Number(speed.toPrecision(3))} times as fast`;
}

const monthOf = (ms: number): string =>
  new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(ms);

const at = (ms: number | null, zone: Zone): string => `${formatTime(ms, 'full', zone)} ${zoneName(zone)}`;
