import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { comparePlaces, type HistoryQuote } from '../../../../src/streams/replay/timelapse/history-quote.ts';
import type { OrderedHistory } from '../../../../src/streams/replay/timelapse/ordered-history.ts';
import { SortedRuns } from '../../../../src/streams/replay/timelapse/sorted-runs.ts';
import { temporaryFolder } from '../../../support/pulse.ts';
import { type Appended, appendedHistory, historyOf, MINUTE, PARTITIONS, seenAt, START } from './history-of.ts';

async function all(history: OrderedHistory, after?: HistoryQuote): Promise<readonly HistoryQuote[]> {
  const quotes: HistoryQuote[] = [];
  for await (const run of history.quotes(after)) quotes.push(...run);
  return quotes;
}

const order = async (history: OrderedHistory): Promise<readonly string[]> =>
  (await all(history)).map(({ record }) => String(record.key));

const contentOf = ({ partition, offset, time, record }: HistoryQuote) => ({
  ...{ partition, offset, time, key: record.key && String(record.key), timestamp: record.timestamp },
  value: record.value && String(record.value),
  headers: Object.fromEntries(Object.entries(record.headers()).map(([name, bytes]) => [name, String(bytes)])),
});

/** Times that lie in order, that collide, that go back, and that are strays; of some nothing can be read. */
const seen = fc.oneof(
  { weight: 8, arbitrary: fc.nat(400).map(seenAt) },
  { weight: 1, arbitrary: fc.constantFrom(seenAt(9e7), seenAt(9e7 + 1), seenAt(-9e7), '1970-01-01T00:00:00Z') },
  { weight: 1, arbitrary: fc.constantFrom(undefined, '', 'yesterday', '2023-13-01T00:00:00Z') },
);

const text = fc.oneof(
  { weight: 9, arbitrary: fc.string({ unit: 'grapheme', maxLength: 9 }) },
  // More than is read of a run at once.
  { weight: 1, arbitrary: fc.constantFrom('', 'x'.repeat(65_500), 'y'.repeat(200_000)) },
);

const arbitraryQuote: fc.Arbitrary<Appended> = fc.record({
  partition: fc.nat(PARTITIONS - 1),
  ...{ seen, key: fc.option(text), value: fc.option(text) },
  headers: fc.dictionary(fc.constantFrom('source', 'fetched_at', 'größe'), text),
});

/** As they come, in the order in which they were seen, or that but for some. */
const arbitraryQuotes = fc
  .tuple(fc.array(arbitraryQuote, { maxLength: 60, size: 'max' }), fc.boolean())
  .map(([quotes, isSorted]) =>
    isSorted ? quotes.toSorted((a, b) => (a.seen ?? '').localeCompare(b.seen ?? '')) : quotes,
  );

/** What a plain sort of all quotes makes of them. */
function sorted(quotes: readonly Appended[]): ReturnType<typeof contentOf>[] {
  const ends = Array.from({ length: PARTITIONS }, () => 0);
  const appendedAt = START + 600 * MINUTE;
  return quotes
    .map(({ partition, seen: header, key = null, value = null, headers = {} }) => {
      const at = Date.parse(header ?? '');
      const offset = ends[partition] ?? 0;
      ends[partition] = offset + 1;
      return {
        ...{ partition, offset, key, value, timestamp: appendedAt, time: Number.isNaN(at) ? appendedAt : at },
        headers: { ...headers, ...(header !== undefined && { observed_at: header }) },
      };
    })
    .sort((a, b) => a.time - b.time || a.partition - b.partition || a.offset - b.offset);
}

describe('the quotes of a history', () => {
  it('are in the order in which they were seen, whatever partition they are in', async () => {
    const { history } = await historyOf([
      [0, 1],
      [0, 4],
      [0, 5],
      [1, 0],
      [1, 2],
      [1, 6],
    ]);
    expect(await order(history)).toEqual(['c3', 'c0', 'c4', 'c1', 'c2', 'c5']);
    expect(history.extent).toEqual({ from: START, to: START + 6 * MINUTE });
  });

  it('are in that order, with all that they are, however they lie in their partitions, and from any of them on', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryQuotes,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        async (quotes, share) => {
          const { history, folder } = await appendedHistory(quotes);
          const played = await all(history);
          expect(played.map(contentOf)).toEqual(sorted(quotes));
          const at = Math.floor(share * played.length);
          expect((await all(history, played[at])).map(contentOf)).toEqual(sorted(quotes).slice(at + 1));
          expect(readdirSync(folder)).toEqual([]);
        },
      ),
    );
  });

  it('are not held up by a stray date', async () => {
    const { history } = await historyOf([
      [0, 1],
      [0, 900_000],
      [0, 2],
      [0, 3],
      [1, 1.5],
      [1, 2.5],
    ]);
    expect(await order(history)).toEqual(['c0', 'c4', 'c2', 'c5', 'c3', 'c1']);
  });

  it('were seen when their records were appended where nothing else says so', async () => {
    const { history } = await historyOf([
      [0, undefined],
      [1, 5],
    ]);
    expect(await order(history)).toEqual(['c1', 'c0']);
    // They do not stretch what the others tell up to the present; alone they are all that there is.
    expect(history.extent).toEqual({ from: START + 5 * MINUTE, to: START + 5 * MINUTE });
    const { history: untold } = await historyOf([[0, undefined]]);
    expect(untold.extent).toEqual({ from: START + 600 * MINUTE, to: START + 600 * MINUTE });
  });

  it('reach from the earliest to the latest, wherever they lie: a backfill comes behind what is newer', async () => {
    const { history } = await historyOf([
      [0, 50],
      [0, 90],
      [0, 10],
      [0, 20],
      [1, 60],
    ]);
    expect(history.extent).toEqual({ from: START + 10 * MINUTE, to: START + 90 * MINUTE });
    expect(await order(history)).toEqual(['c2', 'c3', 'c0', 'c4', 'c1']);
  });

  it('have no extent where there are none', async () => {
    const { history } = await historyOf([]);
    expect(history.extent).toBeUndefined();
    expect(await all(history)).toEqual([]);
  });

  it('are in order where more lie out of it than is sorted in memory at once', async () => {
    const count = 90_000;
    const quotes = Array.from({ length: count }, (_, n) => ({
      partition: 0,
      seen: seenAt((count - n) % 977),
      key: `${n}`,
    }));
    const { history } = await appendedHistory(quotes);
    const played = await all(history);
    expect(played.length).toBe(count);
    const misplaced = played.findIndex((quote, n) => n > 0 && comparePlaces(played[n - 1] ?? quote, quote) >= 0);
    expect(misplaced).toBe(-1);
  });
});

describe('quotes in sorted runs', () => {
  it('say what keeps them from being written', async () => {
    const { history } = await historyOf([[0, 1]]);
    const blocked = join(temporaryFolder(), 'file');
    writeFileSync(blocked, '');
    const runs = new SortedRuns(blocked);
    onTestFinished(() => runs.close());
    await runs.add(await all(history));
    await expect(runs.read()).rejects.toMatchObject({ code: 'disk-unwritable' });
  });
});
