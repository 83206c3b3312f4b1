import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balance } from '../../../src/streams/hot-keys/balance.ts';
import type { LaneDemand } from '../../../src/streams/hot-keys/lane-demand.ts';
import { spread } from '../../../src/streams/hot-keys/spread.ts';

const costs = { workUs: 10, sendUs: 1, receiveUs: 1 };
const lane = (index: number, records: number, keys: Record<string, number> = {}): LaneDemand => ({
  lane: index,
  owner: `owner ${index % 2}`,
  records,
  heaviest: Object.entries(keys).map(([key, count]) => ({ key, count, error: 0 })),
});

/** What each lane works, from the salts alone: written apart from the code under test. */
function worked(demands: readonly LaneDemand[], { salted }: ReturnType<typeof balance>): number[] {
  const loads = demands.map(({ records }) => records * costs.workUs);
  for (const { key, home, cycle } of salted) {
    const count = demands[home]?.heaviest.find((each) => each.key === key)?.count ?? 0;
    for (const to of cycle.filter((each) => each !== home)) {
      loads[home] = (loads[home] ?? 0) - (count / cycle.length) * 9;
      loads[to] = (loads[to] ?? 0) + (count / cycle.length) * 11;
    }
  }
  return loads;
}

const middle = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2;
};

describe('dealing out hot keys', () => {
  it('leaves lanes alone that have about the same to do', () => {
    const found = balance([lane(0, 100, { a: 60 }), lane(1, 110, { b: 90 }), lane(2, 105)], costs);
    expect(found.salted).toEqual([]);
    expect(found.after).toEqual(found.before);
  });

  it('brings a key with 90 % of all to max/median of at most 1.2 over 8 lanes, and keeps at home what fits there', () => {
    const demands = [lane(0, 92_000, { hot: 90_000 }), ...[1, 2, 3, 4, 5, 6, 7].map((each) => lane(each, 1_143))];
    const found = balance(demands, costs);
    const loads = worked(demands, found);
    expect(found.before.ratio).toBeGreaterThan(50);
    expect(Math.max(...loads) / middle(loads)).toBeLessThanOrEqual(1.2);
    expect(found.after.ratio).toBeCloseTo(Math.max(...loads) / middle(loads), 9);
    expect(found.salted.map(({ key, home }) => ({ key, home }))).toEqual([{ key: 'hot', home: 0 }]);
    expect(new Set(found.salted[0]?.cycle)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
  });

  it('sends away after the share of the key: no more than is too much at home, and only where there is room', () => {
    const busy = [1, 2, 3, 4].map((each) => lane(each, 300));
    const demands = [lane(0, 400, { hot: 300 }), ...busy, ...[5, 6, 7].map((each) => lane(each, 200))];
    const [salted] = balance(demands, costs).salted;
    const cycle = salted?.cycle ?? [];
    expect([...new Set(cycle)].sort()).toEqual([0, 5, 6, 7]);
    expect(cycle.filter((each) => each === 0).length / cycle.length).toBeGreaterThan(0.6);
  });

  it('never makes the busiest lane busier, moves only what a key has for certain, and predicts what comes of it', () => {
    const records = fc.integer({ min: 0, max: 10_000 });
    const shares = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(fc.tuple(records, shares), { minLength: 2, maxLength: 12 }), (lanes) => {
        const demands = lanes.map(([count, parts], index) => {
          const sum = parts.reduce((total, part) => total + part, 50);
          const keys = parts.map((part, place) => [`${index}/${place}`, Math.floor((count * part) / sum)] as const);
          return lane(index, count, Object.fromEntries(keys));
        });
        const found = balance(demands, costs);
        const loads = worked(demands, found);
        expect(Math.max(...loads)).toBeLessThanOrEqual(found.before.max + 1e-6);
        expect(Math.max(...loads)).toBeCloseTo(found.after.max, 6);
        expect(Math.min(...loads)).toBeGreaterThanOrEqual(-1e-6);
      }),
    );
  });
});

describe('a cycle of lanes', () => {
  it('holds each as often as its share, and spreads them out', () => {
    expect(
      spread(
        new Map([
          [0, 2],
          [3, 1],
          [5, 1],
        ]),
      ),
    ).toEqual([0, 3, 5, 0]);
    expect(
      spread(
        new Map([
          [4, 32],
          [1, 32],
        ]),
      ),
    ).toEqual([1, 4]);
    expect(spread(new Map())).toEqual([]);
  });

  it('shares any run of it out to within one of the shares', () => {
    const shares = fc.uniqueArray(fc.tuple(fc.nat({ max: 9 }), fc.integer({ min: 1, max: 20 })), {
      selector: ([lane]) => lane,
      minLength: 1,
    });
    fc.assert(
      fc.property(shares, fc.nat({ max: 300 }), (pairs, run) => {
        const cycle = spread(new Map(pairs));
        const total = pairs.reduce((sum, [, share]) => sum + share, 0);
        const taken = Array.from({ length: run }, (_, index) => cycle[index % cycle.length]);
        for (const [each, share] of pairs)
          expect(Math.abs(taken.filter((found) => found === each).length - (run * share) / total)).toBeLessThan(
            pairs.length,
          );
      }),
    );
  });
});
