import type { Status } from '../../contract.ts';
import type { Explanation } from '../explain/explanation.ts';
import type { ConnectionState } from '../feed/connection.ts';
import { formatAge, formatTime, type Zone, zoneName } from '../format/time.ts';
import type { Freshness } from '../market/freshness.ts';

/** One figure of the header: what the page's connection, its source and the pipeline are like, each apart. */
export interface HeaderFigure {
  readonly id: 'connection' | 'age' | 'lag';
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

/** How far the tables are behind the quotes. */
export function describeLag(status: Status | null, delayMs: number | null): HeaderFigure {
  const figure = { id: 'lag', label: 'Pipeline' } as const;
  const title = 'How far the tables are behind';
  if (status === null) return { ...figure, value: '–', tone: 'plain', explanation: { title } };
  const staged = status.stages.reduce((sum, { lag }) => sum + lag, 0);
  const lag = staged + status.view.behind;
  return {
    ...figure,
    value: lag === 0 ? 'Caught up' : `${lag.toLocaleString('en-US')} behind`,
    tone: status.view.state === 'failing' ? 'warn' : 'plain',
    explanation: {
      title,
      text: status.view.message ?? 'Records that wait before each stage and before this page’s own view.',
      facts: [
        ...status.stages.map(({ stage, lag: behind }) => [stage, `${behind} records`] as const),
        ['This page’s view', `${status.view.behind} records`],
        ...(delayMs === null ? [] : [['Append to page, estimated', `${delayMs} ms`] as const]),
        ['Dead letters', String(status.deadLetters)],
      ],
    },
  };
}
