import type { Status } from '../../contract.ts';
import type { Explanation } from '../explain/explanation.ts';
import type { ConnectionState } from '../feed/connection.ts';
import type { LatencySummary } from '../feed/latency.ts';
import { formatDuration } from '../format/duration.ts';
import { formatAge, formatTime, type Zone, zoneName } from '../format/time.ts';
import type { Freshness } from '../market/freshness.ts';

/** One figure of the header: what the page's connection, its source and the pipeline are like, each apart. */
export interface HeaderFigure {
  readonly id: 'connection' | 'age' | 'latency' | 'lag';
  readonly label: string;
  readonly value: string;
  readonly tone: 'plain' | 'good' | 'warn';
  readonly explanation: Explanation;
}

/** Whether this page hears the server; says nothing about the age of what it hears. */
export function describeConnection(connection: ConnectionState, clock: number): HeaderFigure {
  const explanation = {
    title: 'Connection',
    text: 'Whether this page hears its server. How old the prices are is told apart, beside it.',
  };
  const figure = { id: 'connection', label: 'Connection', explanation } as const;
  switch (connection.kind) {
    case 'connecting':
      return { ...figure, value: 'Connecting', tone: 'plain' };
    case 'open':
      return { ...figure, value: 'Connected', tone: 'good' };
    case 'lost':
      return { ...figure, value: `Lost ${formatAge(clock - connection.since)}`, tone: 'warn' };
  }
}

/** How old the source's figures are. */
export function describeAge(freshness: Freshness, zone: Zone): HeaderFigure {
  const text =
    'Time since the source was last fetched with success, by the clock. Stale beyond 1.5 intervals and 30 s.';
  const figure = { id: 'age', label: 'Source data', explanation: { title: 'Age of the source’s data', text } } as const;
  switch (freshness.kind) {
    case 'unknown':
      return { ...figure, value: 'None yet', tone: 'plain' };
    case 'played':
      return {
        ...figure,
        label: 'Played market',
        value: freshness.eventTime === null ? 'Not begun' : formatTime(freshness.eventTime, 'full', zone),
        tone: freshness.silentMs === null ? 'plain' : 'warn',
        explanation: {
          title: 'Time in the played market',
          text: 'The event time that the playback has reached. It is not live, and so it is never called stale.',
          facts: [['Zone', zoneName(zone)]],
        },
      };
    case 'fresh':
    case 'stale': {
      const age = Number.isFinite(freshness.ageMs) ? `${formatAge(freshness.ageMs)} old` : 'Never fetched';
      return {
        ...figure,
        value: freshness.kind === 'stale' ? `Stale, ${age}` : age,
        tone: freshness.kind === 'stale' ? 'warn' : 'good',
        explanation: { ...figure.explanation, facts: [['Fetched every', formatAge(freshness.intervalMs)]] },
      };
    }
  }
}

/** How long an update takes from the log to this screen. */
export function describeLatency(latency: LatencySummary | null): HeaderFigure {
  const explanation: Explanation = {
    title: 'Latency, an estimate',
    text: 'From the append of the newest row to its paint on this screen: the server’s part by its clock, this page’s by its own. The way over the network is not in it. The median of the last updates.',
    ...(latency !== null && {
      facts: [
        ['Median', formatDuration(latency.median)],
        ['95 of 100 within', formatDuration(latency.p95)],
        ['The last', formatDuration(latency.last)],
        ['Updates measured', String(latency.samples)],
      ],
    }),
  };
  const value = latency === null ? 'Not yet' : `≈ ${formatDuration(latency.median)}`;
  return { id: 'latency', label: 'Latency, est.', value, tone: 'plain', explanation };
}

/** How many records the tables are behind the quotes; nobody knows where the connection is lost. */
export function describeLag(status: Status | null, connection: ConnectionState): HeaderFigure {
  const figure = { id: 'lag', label: 'Lag' } as const;
  const title = 'How far the tables are behind';
  if (status === null) return { ...figure, value: '–', tone: 'plain', explanation: { title } };
  const staged = status.stages.reduce((sum, { lag }) => sum + lag, 0);
  const lag = staged + status.view.behind;
  const isUnknown = status.view.state === 'failing' || connection.kind === 'lost';
  const about = status.view.message ?? 'Records that wait before each stage and before this page’s own view.';
  return {
    ...figure,
    value: isUnknown ? 'Unknown' : lag === 0 ? 'None' : `${compact.format(lag)} records`,
    tone: isUnknown ? 'warn' : 'plain',
    explanation: {
      title,
      text: connection.kind === 'lost' ? `${about} As they were when the connection was lost.` : about,
      facts: [
        ...status.stages.map(({ stage, lag: behind }) => [stage, `${grouped(behind)} records`] as const),
        ['This page’s view', `${grouped(status.view.behind)} records`],
        ['Dead letters', grouped(status.deadLetters)],
      ],
    },
  };
}

const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
const grouped = (count: number): string => count.toLocaleString('en-US');
