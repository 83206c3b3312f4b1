import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { openMemoryState } from '../../../src/state/memory/memory-environment.ts';
import { HourState, hourTables } from '../../../src/streams/3-silver/hour-state.ts';
import { type HourFold, hourMerge } from '../../../src/streams/3-silver/hour-merge.ts';
import type { AcceptedPartial, Partial as PartialRow } from '../../../src/streams/3-silver/hour-row.ts';
import { isFinal, maintainHours } from '../../../src/streams/3-silver/maintain-hours.ts';
import type { Tick } from '../../../src/streams/3-silver/quote-outcome.ts';
import { HOUR_MS } from '../../../src/streams/time.ts';
import { arbitraryPartials, partialOf, TEST_HOUR } from '../../support/arbitrary-ticks.ts';
import { GRACE_MS, MaintainedHours } from '../../support/maintained-hours.ts';
import { marbles } from '../../support/marbles.ts';

const WAIT = HOUR_MS + GRACE_MS;
const hourAt = (hours: number): number => TEST_HOUR + hours * HOUR_MS;

/** A partial of one tick at the start of an hour of `bitcoin`, observed at `observed` or at once. */
const partial = (
  hours: number,
  price: number,
  observed: number = hourAt(hours),
  rest: Partial<Tick> = {},
): PartialRow =>
  partialOf(rest.coinId ?? 'bitcoin', hourAt(hours), [
    {
      ...{ kind: 'tick', coinId: 'bitcoin', marketCap: null, volume: null, ...rest, price },
      ...{ eventTs: TEST_HOUR, observedAt: observed - hours * HOUR_MS },
    },
  ]);

let maintained: MaintainedHours;
beforeEach(() => {
  maintained = new MaintainedHours();
});

/** What the commit changes: hours from TEST_HOUR on, and whether each is final and reaches. */
const changed = async (...partials: readonly PartialRow[]) =>
  (await maintained.commit(...partials)).map(({ coinId, newest, hours }) => ({
    coinId,
    newest: (newest - TEST_HOUR) / HOUR_MS,
    hours: hours.map(({ row, reaches }) => [(row.ts - TEST_HOUR) / HOUR_MS, row.final ? 'final' : 'open', reaches]),
  }));

describe('maintaining hours', () => {
  it('changes each coin once a commit, its hours once and ascending, and knows its newest hour', async () => {
    const partials = [partial(2, 1), partial(0, 2), partial(2, 3), partial(1, 1, hourAt(1), { coinId: 'ethereum' })];
    expect(await changed(...partials)).toEqual([
      {
        coinId: 'bitcoin',
        newest: 2,
        hours: [
          [0, 'final', true],
          [2, 'open', true],
        ],
      },
      { coinId: 'ethereum', newest: 1, hours: [[1, 'open', true]] },
    ]);
    expect(maintained.rows('bitcoin').map(({ high, low, observations }) => [high, low, observations])).toEqual([
      [2, 2, 1],
      [3, 1, 2],
    ]);
  });

  it('merges into the hour that state holds, and keeps the newest hour where an older one comes late', async () => {
    await changed(partial(5, 2));
    expect(await changed(partial(3, 7, hourAt(5)))).toEqual([
      { coinId: 'bitcoin', newest: 5, hours: [[3, 'final', true]] },
    ]);
    await changed(partial(5, 1, hourAt(5) + 1));
    expect(maintained.rows('bitcoin').at(-1)).toMatchObject({ open: 2, price: 1, high: 2, low: 1, observations: 2 });
  });

  it('changes nothing at a commit without partials', async () => {
    await changed(partial(0, 1));
    expect(await changed()).toEqual([]);
  });

  it('reaches later hours where price, high or low are new, and not where only the counts are', async () => {
    expect((await changed(partial(0, 2)))[0]?.hours).toEqual([[0, 'open', true]]);
    expect((await changed(partial(0, 2)))[0]?.hours).toEqual([[0, 'open', false]]);
    // An older tick: the open and the low.
    const older = { ...partial(0, 1), openObservedAt: hourAt(0) - 5, closeObservedAt: hourAt(0) - 5 };
    expect((await changed(older))[0]?.hours).toEqual([[0, 'open', true]]);
    expect((await changed({ ...older, price: 3, open: 3, high: 3, low: 3 }))[0]?.hours).toEqual([[0, 'open', true]]);
    expect((await changed(partial(0, 2, hourAt(0) + 9)))[0]?.hours).toEqual([[0, 'open', false]]);
    expect((await changed(partial(0, 2.5, hourAt(0) + 10)))[0]?.hours).toEqual([[0, 'open', true]]);
  });
});

describe('an hour is final', () => {
  it('once its end plus the grace is passed, not when it is reached', async () => {
    expect((await changed(partial(0, 1, hourAt(0) + WAIT)))[0]?.hours).toEqual([[0, 'open', true]]);
    expect((await changed(partial(0, 1, hourAt(0) + WAIT + 1)))[0]?.hours).toEqual([[0, 'final', false]]);
  });

  it('by the largest observed at of the coin, of whatever hour, and of no other coin', async () => {
    await changed(partial(0, 1));
    const others = await changed(partial(9, 1, hourAt(9), { coinId: 'ethereum' }));
    expect(others.map(({ coinId }) => coinId)).toEqual(['ethereum']);
    expect((await changed(partial(1, 1, hourAt(0) + WAIT + 1)))[0]?.hours).toEqual([
      [0, 'final', false],
      [1, 'open', true],
    ]);
  });

  it('and changes with the advance that passes it: each one then, none before, none again', async () => {
    await changed(...[0, 1, 2, 3].map((hours) => partial(hours, 1, hourAt(0))));
    const finals = async (observed: number) =>
      (await changed(partial(3, 1, observed)))[0]?.hours.filter(([, final]) => final === 'final').map(([h]) => h);
    expect(await finals(hourAt(0) + WAIT)).toEqual([]);
    expect(await finals(hourAt(1) + WAIT)).toEqual([0]);
    expect(await finals(hourAt(1) + WAIT)).toEqual([]);
    expect(await finals(hourAt(2) + WAIT + 1)).toEqual([1, 2]);
    expect(await finals(hourAt(0))).toEqual([]);
  });

  it('and stays so when a late tick corrects it', async () => {
    await changed(partial(0, 1), partial(5, 1));
    expect((await changed(partial(0, 9, hourAt(0) + 5)))[0]?.hours).toEqual([[0, 'final', true]]);
    expect(maintained.rows('bitcoin')[0]).toMatchObject({ final: true, price: 9, observations: 2 });
  });

  it('by a rule that knows the row and the maximum alone', () => {
    const [row] = [partial(0, 1)];
    expect(isFinal({ graceMs: 0 }, row, hourAt(1))).toBe(false);
    expect(isFinal({ graceMs: 0 }, row, hourAt(1) + 1)).toBe(true);
    expect(isFinal({ graceMs: 5 }, row, hourAt(1) + 5)).toBe(false);
    expect(isFinal({ graceMs: 5 }, row, hourAt(1) + 6)).toBe(true);
  });
});

describe('as an operator', () => {
  const [a, b] = [partial(0, 1), partial(1, 1, hourAt(1), { coinId: 'b' })];
  const values: Record<string, AcceptedPartial> = {
    a: { kind: 'partial', partial: a },
    b: { kind: 'partial', partial: b },
  };
  const change = ({ coinId, ...row }: PartialRow) => ({
    ...{ coinId, newest: row.ts, hours: [{ row: { ...row, final: false }, reaches: true }] },
  });
  const maintain = (commit: Parameters<typeof maintainHours>[2]) =>
    maintainHours({ graceMs: GRACE_MS }, new HourState(hourTables(openMemoryState()), 0), commit);

  it('emits at commits alone', () => {
    marbles(({ hot, expectObservable }) => {
      const out = maintain(hot('              ---x-x--x'))(hot<AcceptedPartial>('-ab---', values));
      expectObservable(out).toBe('            ---(ab)', { a: change(a), b: change(b) });
    });
  });

  it('ends and fails with its input, and fails with the commits', () => {
    marbles(({ hot, expectObservable }) => {
      expectObservable(maintain(hot('---x'))(hot<AcceptedPartial>('-a|', values))).toBe('--|');
      expectObservable(maintain(hot('---x'))(hot<AcceptedPartial>('-a#', values))).toBe('--#');
      expectObservable(maintain(hot('--#-'))(hot<AcceptedPartial>('-a--', values))).toBe('--#');
    });
  });

  it('lets go of its input and the commits when it is unsubscribed from', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const [partials, commit] = [hot<AcceptedPartial>('-a---', values), hot('----x')];
      expectObservable(maintain(commit)(partials), '--!').toBe('---');
      expectSubscriptions(partials.subscriptions).toBe('^-!');
      expectSubscriptions(commit.subscriptions).toBe('^-!');
    });
  });
});

describe('the law of maintained hours', () => {
  it('says that rows are the same wherever the commits fall', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryPartials, fc.array(fc.nat(30), { maxLength: 6 }), async (partials, cuts) => {
        const whole = new MaintainedHours();
        await whole.commit(...partials);
        const parts = new MaintainedHours();
        for (const [from, to] of spans(partials.length, cuts)) await parts.commit(...partials.slice(from, to));
        for (const coinId of ['bitcoin', 'ethereum']) {
          expect(parts.rows(coinId)).toEqual(whole.rows(coinId));
          expect(parts.hours.coin(coinId)).toEqual(whole.hours.coin(coinId));
        }
      }),
    );
  });

  it('says that a commit changes the hours of its partials and those that become final, and tells their rows', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryPartials, fc.array(fc.nat(30), { maxLength: 6 }), async (partials, cuts) => {
        const parts = new MaintainedHours();
        let before = new Map<string, string>();
        for (const [from, to] of spans(partials.length, cuts)) {
          const given = partials.slice(from, to);
          const changes = await parts.commit(...given);
          const told = changes.flatMap(({ coinId, hours }) =>
            hours.map(({ row }) => [`${coinId}|${row.ts}`, JSON.stringify(row)] as const),
          );
          const after = modelRows(partials.slice(0, to));
          const touched = new Set(given.map(({ coinId, ts }) => `${coinId}|${ts}`));
          const wanted = [...after].filter(([key, row]) => touched.has(key) || before.get(key) !== row);
          expect(new Map(told)).toEqual(new Map(wanted));
          expect(told).toHaveLength(wanted.length);
          before = after;
        }
      }),
    );
  });
});

const spans = (length: number, cuts: readonly number[]): readonly (readonly [number, number])[] => {
  const ends = [...new Set([...cuts.filter((cut) => cut < length), length])].sort((a, b) => a - b);
  return ends.map((end, i) => [i === 0 ? 0 : ends[i - 1]!, end]);
};

/** The rows of all partials so far, computed from nothing. */
function modelRows(partials: readonly PartialRow[]): Map<string, string> {
  const folds = new Map<string, HourFold>();
  const largest = new Map<string, number>();
  for (const { coinId, ...row } of partials) {
    const known = folds.get(`${coinId}|${row.ts}`);
    if (known === undefined) folds.set(`${coinId}|${row.ts}`, row);
    else hourMerge.combine(known, row);
    largest.set(coinId, Math.max(largest.get(coinId) ?? -Infinity, row.observedAt));
  }
  const final = (key: string, { ts }: HourFold): boolean => largest.get(key.split('|')[0]!)! > ts + WAIT;
  return new Map([...folds].map(([key, fold]) => [key, JSON.stringify({ ...fold, final: final(key, fold) })]));
}
