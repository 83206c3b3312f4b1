import type { Status } from '../../contract.ts';
import type { PlayedReplay } from '../../replay-contract.ts';
import type { Pause } from '../feed/pause.ts';
import { formatAge, formatTime, type Zone, zoneName } from '../format/time.ts';
import type { Freshness } from '../market/freshness.ts';
import { describeFrom } from '../replay/replay-texts.ts';
import { namespaceText } from '../timelapse/timelapse-texts.ts';

/** What the strip below the header says of the source. */
export interface SourceMessage {
  readonly tone: 'waiting' | 'live' | 'played' | 'stale' | 'paused';
  /** The one word for it. */
  readonly label: string;
  readonly headline: string;
  readonly detail: string;
  /** 0 to 1 where a playback's end is known. */
  readonly progress: number | null;
}

/** What the strip says while the page is paused: nothing on it is of now; what was never live is told as that, too. */
export function describePause({ at: ms, frames }: Pause, status: Status | null, zone: Zone): SourceMessage {
  const since =
    frames === 0 ? 'Nothing has come since.' : `${frames} ${frames === 1 ? 'update' : 'updates'} since, not shown.`;
  return {
    tone: 'paused',
    label: 'Paused',
    headline: `As it was at ${formatTime(ms, 'seconds', zone)} ${zoneName(zone)}`,
    detail: status?.source?.kind === 'played' ? `${since} Not live: a played market.` : since,
    progress: null,
  };
}

/** Says where the figures come from, in words that can't be mistaken for live where they aren't. */
export function describeSource(status: Status | null, freshness: Freshness, zone: Zone): SourceMessage {
  if (status === null) return { tone: 'waiting', label: 'Waiting', headline: 'Connecting', detail: '', progress: null };
  const { source, replay } = status;
  if (replay !== undefined) return replayed(status, replay, freshness, zone);
  if (source === null) {
    const detail =
      status.view.message ?? 'No quotes have come yet. They appear here as soon as an ingest publishes some.';
    return { tone: 'waiting', label: 'Waiting', headline: 'No source yet', detail, progress: null };
  }
  if (source.kind === 'played') return played(status, freshness, zone);
  const detail = source.message ?? '';
  if (freshness.kind === 'stale') {
    const last = source.last_success_at === null ? null : Date.parse(source.last_success_at);
    const since =
      last === null
        ? 'CoinGecko has not answered yet.'
        : `Prices are as of ${at(last, zone)}, ${formatAge(freshness.ageMs)} ago.`;
    return {
      tone: 'stale',
      label: 'Stale',
      headline: 'Old data from CoinGecko',
      detail: `${since} ${detail}`.trim(),
      progress: null,
    };
  }
  const every = source.interval_ms === null ? '' : `Fetched every ${formatAge(source.interval_ms)}. `;
  return {
    tone: 'live',
    label: 'Live',
    headline: 'CoinGecko',
    detail: `${every}${detail}`.trim(),
    progress: source.progress,
  };
}

function played({ source }: Status, freshness: Freshness, zone: Zone): SourceMessage {
  const isSimulated = source?.source === 'simulated';
  const ms = source?.event_time ? Date.parse(source.event_time) : null;
  const month = ms === null ? '' : ` of ${monthOf(ms)}`;
  const parts = [pace(source?.speed ?? null)];
  if (source?.message) parts.push(source.message);
  if (source?.state === 'ended') parts.push(`It ended at ${at(ms, zone)}.`);
  else if (freshness.kind === 'played' && freshness.silentMs !== null)
    parts.push(`No word from the playback for ${formatAge(freshness.silentMs)}.`);
  return {
    tone: 'played',
    label: isSimulated ? 'Invented' : 'Not live',
    headline: isSimulated
      ? 'Simulated market'
      : `${source?.source === 'replay' ? 'Replayed' : 'Recorded'} market${month}`,
    detail: parts.join(' '),
    progress: source?.progress ?? null,
  };
}

/** Tables that were rebuilt from another namespace's quotes. */
function replayed({ source }: Status, replay: PlayedReplay, freshness: Freshness, zone: Zone): SourceMessage {
  const { of, from, startedAt, finishedAt } = replay;
  const parts = [`From ${describeFrom(from)}, begun at ${at(startedAt, zone)}.`];
  if (finishedAt !== null) parts.push(`Finished at ${at(finishedAt, zone)}.`);
  else if (source?.event_time) parts.push(`It is at ${at(Date.parse(source.event_time), zone)}.`);
  if (finishedAt === null && freshness.kind === 'played' && freshness.silentMs !== null)
    parts.push(`No word from it for ${formatAge(freshness.silentMs)}.`);
  return {
    tone: 'played',
    label: 'Not live',
    headline: `Replay of ${namespaceText(of)}`,
    detail: parts.join(' '),
    progress: finishedAt === null ? (source?.progress ?? null) : null,
  };
}

/** How fast it is played, as a person feels it. */
function pace(speed: number | null): string {
  if (speed === null) return 'Played at full speed.';
  if (speed === 1) return 'Played in real time.';
  const seconds = 3600 / speed;
  return seconds >= 1 && seconds <= 120
    ? `Time-lapse, an hour every ${Number(seconds.toPrecision(2))} s.`
    : `Time-lapse, ${Number(speed.toPrecision(3))} times as fast.`;
}

const monthOf = (ms: number): string =>
  new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(ms);

const at = (ms: number | null, zone: Zone): string => `${formatTime(ms, 'full', zone)} ${zoneName(zone)}`;
