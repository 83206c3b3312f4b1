import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CoinChange } from '../../../src/streams/3-silver/coin-change.ts';
import { stretchesOf } from '../../../src/streams/4-gold/stretches.ts';
import { HOUR_MS } from '../../../src/streams/time.ts';
import { hourNumber, SERIES_START, storedHour } from '../../support/hour-series.ts';

const REACH = 72;

/** A change of hours by number; `false` for those whose change reaches no other. */
const changeOf = (newest: number, hours: ReadonlyMap<number, boolean>): CoinChange => ({
  coinId: 'a',
  newest: SERIES_START + newest * HOUR_MS,
  hours: [...hours].sort(([a], [b]) => a - b).map(([number, reaches]) => ({ row: storedHour(number, 1), reaches })),
});

/** The stretches as numbers of hours, each with those that it covers. */
const stretched = (newest: number, hours: ReadonlyMap<number, boolean>) =>
  stretchesOf(changeOf(newest, hours), REACH * HOUR_MS).map((stretch) => {
    const [from, to] = [hourNumber(stretch.from), hourNumber(stretch.to)];
    const all = Array.from({ length: to - from }, (_, i) => from + i);
    return { from, to, covered: all.filter((number) => stretch.covers(SERIES_START + number * HOUR_MS)) };
  });

const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe('the stretches that a change reaches', () => {
  it('are one of 72 hours for a change that reaches, cut off behind the newest hour', () => {
    expect(stretched(500, new Map([[10, true]]))).toEqual([{ from: 10, to: 82, covered: range(10, 82) }]);
    expect(stretched(20, new Map([[10, true]]))).toEqual([{ from: 10, to: 21, covered: range(10, 21) }]);
    expect(stretched(10, new Map([[10, true]]))).toEqual([{ from: 10, to: 11, covered: [10] }]);
  });

  it('are the hour alone for a change that reaches no other', () => {
    expect(stretched(500, new Map([[10, false]]))).toEqual([{ from: 10, to: 11, covered: [10] }]);
  });

  it('are one where windows overlap, which covers what is reached and no more', () => {
    const both = new Map([
      [10, false],
      [30, true],
    ] as const);
    expect(stretched(500, both)).toEqual([{ from: 10, to: 102, covered: [10, ...range(30, 102)] }]);
  });

  it('are two where changes lie further apart', () => {
    const both = new Map([
      [0, true],
      [145, true],
    ] as const);
    expect(stretched(500, both)).toEqual([
      { from: 0, to: 72, covered: range(0, 72) },
      { from: 145, to: 217, covered: range(145, 217) },
    ]);
  });

  it('are none for no change', () => {
    expect(stretched(5, new Map())).toEqual([]);
  });

  it('cover each hour that some change reaches once, and no other, ascending', () => {
    const hours = fc.array(fc.tuple(fc.nat(400), fc.boolean()), { maxLength: 12 }).map((all) => new Map(all));
    fc.assert(
      fc.property(hours, fc.nat(50), (changed, more) => {
        const newest = Math.max(0, ...changed.keys()) + more;
        const wanted = range(0, newest + 1).filter((number) =>
          [...changed].some(([hour, reaches]) => hour <= number && number < hour + (reaches ? REACH : 1)),
        );
        const found = stretched(newest, changed);
        expect(found.flatMap(({ covered }) => covered)).toEqual(wanted);
        found.slice(1).forEach(({ from }, i) => expect(from).toBeGreaterThan(found[i]!.to));
      }),
    );
  });
});
