import { onTestFinished } from 'vitest';
import { createMemoryLog } from '../../../../src/streams/log/memory/memory-log.ts';
import { freezeInput } from '../../../../src/streams/replay/freeze-input.ts';
import { History } from '../../../../src/streams/replay/history.ts';
import { OrderedHistory } from '../../../../src/streams/replay/timelapse/ordered-history.ts';
import { topicSpecs } from '../../../../src/streams/topics.ts';
import { temporaryFolder } from '../../../support/pulse.ts';
import { ManualClock } from '../../1-ingest/support/manual-clock.ts';

export const PARTITIONS = 2;
export const START = Date.parse('2023-12-01T00:00:00Z');
export const MINUTE = 60_000;
export const topic = 'coingecko.markets';

/** A quote as it is appended: its partition, what its header says of when it was seen, and what else it is. */
export interface Appended {
  readonly partition: number;
  /** A text is the header as it is; undefined: there is none. */
  readonly seen: string | undefined;
  readonly key?: string | null | undefined;
  readonly value?: string | null | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The quote that was seen in that minute, or does not say so; and its partition. */
export type Seen = readonly [partition: number, minute: number | undefined];

export const seenAt = (minute: number): string => new Date(START + minute * MINUTE).toISOString();

/** Quotes `c0`, `c1` and so on, in the order in which they are appended. */
export const historyOf = (quotes: readonly Seen[]) =>
  appendedHistory(
    quotes.map(([partition, minute], index) => ({
      ...{ partition, key: `c${index}`, value: `{"n":${index}}` },
      seen: minute === undefined ? undefined : seenAt(minute),
      headers: { source: 'coingecko', fetched_at: 'then' },
    })),
  );

/** A log with those quotes, appended in the order given, and their history as they lie. */
export async function historyAsItLies(quotes: readonly Appended[]) {
  const clock = new ManualClock(START + 600 * MINUTE);
  const log = createMemoryLog({ time: clock });
  onTestFinished(() => log.close());
  await log.topics.ensure([...topicSpecs('', PARTITIONS), ...topicSpecs('lapse', PARTITIONS)]);
  await log.append(
    quotes.map(({ partition, seen, key = null, value = null, headers = {} }) => ({
      ...{ topic, partition, key, value },
      headers: { ...headers, ...(seen !== undefined && { observed_at: seen }) },
    })),
  );
  const input = await freezeInput({
    ...{ live: log, of: '', topic, partitions: PARTITIONS, source: 'topic' as const, bronze: undefined, startedAt: '' },
  });
  const history = await History.open({ live: log, openBronze: () => Promise.resolve(undefined), input });
  return { log, history, input, clock };
}

/** The same, and their history in the order of a time-lapse. */
export async function appendedHistory(quotes: readonly Appended[]) {
  const { log, history: asItLies, clock } = await historyAsItLies(quotes);
  const folder = temporaryFolder();
  const history = await OrderedHistory.open({
    ...{ history: asItLies, partitions: PARTITIONS, folder, onBatch: () => undefined },
    signal: new AbortController().signal,
  });
  onTestFinished(() => history.close());
  return { log, history, clock, folder };
}
