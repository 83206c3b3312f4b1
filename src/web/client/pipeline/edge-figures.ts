import type { Edge, Reader } from '../../pipeline-contract.ts';
import type { Explanation } from '../explain/explanation.ts';
import { formatCount, formatCounted } from '../format/count.ts';
import { NOTHING } from '../format/figure.ts';
import { formatRate } from '../format/rate.ts';
import { formatAge } from '../format/time.ts';
import { readerNames } from './flow-shape.ts';
import { type Trend, trendOf } from './trend.ts';

/** One figure of an edge of the flow. */
export interface EdgeFigure {
  readonly id: 'rate' | 'lag' | 'behind' | 'p95';
  readonly label: string;
  readonly value: string;
  readonly tone: 'plain' | 'warn';
  readonly explanation: Explanation;
}

/** The lake writes once a minute: until then, what waits is no lag to worry about. */
const worrying: Readonly<Record<Reader, number>> = {
  combine: 10_000,
  'combine-hot': 10_000,
  maintain: 10_000,
  page: 10_000,
  lake: 180_000,
};

const MARKERS =
  'On a Kafka cluster offsets count the markers of transactions as well: where nothing else is left to read, there is no lag.';

const trendTexts: Readonly<Record<Trend, string>> = {
  rising: 'Rising: the mean of the last minute is above that of the minute before.',
  falling: 'Falling: the mean of the last minute is below that of the minute before.',
  steady: 'Steady: the mean of the last minute is about that of the minute before.',
  unknown: 'Not known yet: it takes a minute.',
};

/** What there is to say of an edge, each with what stands behind it; `asOf` says when it was measured. */
export function edgeFigures(edge: Edge, asOf: string): readonly EdgeFigure[] {
  const { label, reader, inPerSecond, outPerSecond, lag, lagMs, isLagMsLeast, p95Ms, samples } = edge;
  const isLate = lagMs !== null && lagMs > worrying[reader];
  const about = (title: string, text: string, facts: readonly (readonly [string, string])[] = []): Explanation => ({
    title: `${label} → ${readerNames[reader]} · ${title}`,
    text,
    facts: [...facts, ['As of', asOf]],
  });
  return [
    {
      ...{ id: 'rate', label: 'Rate', tone: 'plain' },
      value: outPerSecond === null ? NOTHING : formatRate(outPerSecond),
      explanation: about('rate', unknown(edge, outPerSecond) ?? 'Records that it reads a second, by its positions.', [
        ['Window', '10 s'],
        ...(inPerSecond === null ? [] : ([['Into the topic', formatRate(inPerSecond)]] as const)),
      ]),
    },
    {
      ...{ id: 'lag', label: 'Lag', tone: isLate ? 'warn' : 'plain' },
      value: lag === null ? NOTHING : formatCount(lag),
      explanation: about(
        'lag',
        unknown(edge, lag) ??
          `Records that it has not read yet: the ends of all partitions against its positions. ${MARKERS}`,
        lag === null ? [] : [['Exact', formatCounted(lag, 'record')]],
      ),
    },
    {
      ...{ id: 'behind', label: 'Behind', tone: isLate ? 'warn' : 'plain' },
      value: lagMs === null ? NOTHING : formatLag(lagMs, isLagMsLeast),
      explanation: about(
        'behind by',
        unknown(edge, lagMs) ??
          `How long ago the partitions ended where it is now: the longest of them${isLagMsLeast ? ', and longer than this server has looked' : ''}. ${MARKERS}`,
      ),
    },
    {
      ...{ id: 'p95', label: 'p95', tone: 'plain' },
      value: p95Ms === null ? NOTHING : formatLatency(p95Ms),
      explanation: about('p95', p95Text(edge), [
        ['Window', '5 min'],
        ...(reader === 'lake' ? [] : [['Measured', String(samples)] as const]),
      ]),
    },
  ];
}

/** What stands behind the line of a lag. */
export const explainTrend = ({ label, reader, trend }: Edge): Explanation => {
  const known = trend.filter((lag) => lag !== null);
  return {
    title: `${label} → ${readerNames[reader]} · lag over time`,
    text: trendTexts[trendOf(trend)],
    facts: [
      ['Window', '5 min'],
      ...(known.length === 0 ? [] : ([['Largest', formatCounted(Math.max(...known), 'record')]] as const)),
    ],
  };
};

/** A time that something is late by: `0 s`, `3.2 s`, `≥ 4 min`. */
function formatLag(ms: number, isLeast: boolean): string {
  if (ms < 50) return isLeast ? '> 0 s' : '0 s';
  return `${isLeast ? '≥ ' : ''}${ms < 9950 ? `${(ms / 1000).toFixed(1)} s` : formatAge(ms)}`;
}

/** In as few characters as a card has room for: `14 ms`, `1.5 s`. */
const formatLatency = (ms: number): string => (ms < 995 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

/** Why a figure is not there, and what comes next. */
function unknown({ reader }: Edge, figure: number | null): string | undefined {
  if (figure !== null) return undefined;
  switch (reader) {
    case 'lake':
      return 'Not known: nobody has written this table yet, or it can’t be read. pulse start writes it, and so does pulse sink.';
    case 'page':
      return 'Not known: there is no such topic yet. An ingest makes it.';
    case 'combine':
    case 'combine-hot':
    case 'maintain':
      return 'Not known yet: there is no such topic, or this server has looked once only. It looks again in two seconds.';
  }
}

function p95Text({ reader, p95Ms }: Edge): string {
  switch (reader) {
    case 'lake':
      return 'Commits of the lake are not timed: they come once a minute, and its lag says how late it is.';
    case 'page':
      return p95Ms === null
        ? 'Nothing has come into this page’s view since the server began, or for five minutes.'
        : '95 of 100 batches were in this page’s view within this time of their newest record’s append.';
    case 'combine':
    case 'combine-hot':
    case 'maintain':
      return p95Ms === null
        ? 'No task of the stage has told of a commit within five minutes.'
        : '95 of 100 commits of the stage took no longer, from their start to their durability.';
  }
}
