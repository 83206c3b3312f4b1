import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LaneDemand } from '../../../src/streams/hot-keys/lane-demand.ts';
import { adaptiveSpec, Rebalancer } from '../../../src/streams/hot-keys/rebalancer.ts';

const costs = { workUs: 20, sendUs: 1, receiveUs: 2 };
const PEERS = [1, 2, 3, 4, 5, 6, 7];

/** 8 lanes of which the first has `ratio` times what each other has, all of the surplus in one key. */
const skewed = (ratio: number, records = 20_000, owners = 2): LaneDemand[] => [
  { lane: 0, owner: '0', records: ratio * records, heaviest: [{ key: 'hot', count: (ratio - 1) * records, error: 0 }] },
  ...PEERS.map((lane) => ({ lane, owner: String(lane % owners), records, heaviest: [] })),
];

describe('a rebalancer', () => {
  it('salts the key of a straggler, with the numbers that it went by', () => {
    const decision = new Rebalancer(adaptiveSpec).look(0, skewed(20), costs);
    expect(decision?.kind).toBe('salt');
    expect(decision?.salted.map(({ key }) => key)).toEqual(['hot']);
    expect(decision?.before.ratio).toBe(20);
    expect(decision?.after.ratio).toBeLessThanOrEqual(1.2);
  });

  it.each([
    ['a key is merely frequent', skewed(4.9), costs],
    ['the straggler has next to nothing to do', skewed(20, 100), costs],
    ['a forwarded record costs more than one worked on', skewed(20), { workUs: 2, sendUs: 1, receiveUs: 1 }],
    ['its detour costs more than a quarter of the work', skewed(20), { workUs: 7.9, sendUs: 1, receiveUs: 1 }],
    ['one thread has all lanes', skewed(20, 20_000, 1), costs],
    ['there is one lane', skewed(20).slice(0, 1), costs],
  ])('leaves everything as it is where %s', (_, demands, prices) => {
    const rebalancer = new Rebalancer(adaptiveSpec);
    expect(rebalancer.look(0, demands, prices)).toBeUndefined();
    expect(rebalancer.salted).toEqual([]);
  });

  it('keeps the salts while the key is cooler, and takes them away when it has been cool for long', () => {
    const rebalancer = new Rebalancer(adaptiveSpec);
    rebalancer.look(0, skewed(20), costs);
    for (let now = 1_000; now <= 60_000; now += 1_000)
      expect(rebalancer.look(now, skewed(3), costs)?.kind ?? 'deal anew').toBe('deal anew');
    for (let now = 61_000; now < 91_000; now += 1_000) expect(rebalancer.look(now, skewed(2), costs)).toBeUndefined();
    expect(rebalancer.look(91_000, skewed(2), costs)?.kind).toBe('un-salt');
    expect(rebalancer.salted).toEqual([]);
  });

  it('keeps the salts while the detour is measured to be somewhat dearer than it began with', () => {
    const rebalancer = new Rebalancer(adaptiveSpec);
    expect(rebalancer.look(0, skewed(20), { workUs: 8, sendUs: 1, receiveUs: 1 })?.kind).toBe('salt');
    expect(rebalancer.look(1_000, skewed(20), { workUs: 4.1, sendUs: 1, receiveUs: 1 })).toBeUndefined();
    expect(rebalancer.look(2_000, skewed(20), { workUs: 3.9, sendUs: 1, receiveUs: 1 })?.kind).toBe('un-salt');
  });

  it('takes the salts away when forwarding is measured to be dearer', () => {
    const rebalancer = new Rebalancer(adaptiveSpec);
    rebalancer.look(0, skewed(20), costs);
    expect(rebalancer.look(1_000, skewed(20), { ...costs, sendUs: 30 })?.kind).toBe('un-salt');
  });

  it('deals anew when another key gets hot, not more often than it may', () => {
    const rebalancer = new Rebalancer(adaptiveSpec);
    rebalancer.look(0, skewed(20), costs);
    const other = skewed(20).map((each) => ({
      ...each,
      heaviest: each.heaviest.map((key) => ({ ...key, key: 'other' })),
    }));
    expect(rebalancer.look(9_999, other, costs)).toBeUndefined();
    expect(rebalancer.look(10_000, other, costs)?.salted.map(({ key }) => key)).toEqual(['other']);
  });

  it('does not waver, however the load swings about', () => {
    const looks = fc.array(fc.double({ min: 1, max: 30, noNaN: true }), { minLength: 100, maxLength: 300 });
    fc.assert(
      fc.property(looks, (ratios) => {
        const rebalancer = new Rebalancer(adaptiveSpec);
        const times: number[] = [];
        ratios.forEach((ratio, look) => {
          if (rebalancer.look(look * 1_000, skewed(ratio), costs) !== undefined) times.push(look * 1_000);
        });
        times
          .slice(1)
          .forEach((time, place) => expect(time - (times[place] ?? 0)).toBeGreaterThanOrEqual(adaptiveSpec.dwellMs));
      }),
    );
  });

  it('does not waver, however what a record is measured to cost swings about', () => {
    const looks = fc.array(fc.double({ min: 2, max: 30, noNaN: true }), { minLength: 100, maxLength: 300 });
    let salted = 0;
    fc.assert(
      fc.property(looks, (works) => {
        const rebalancer = new Rebalancer(adaptiveSpec);
        let endedAt = -Infinity;
        works.forEach((workUs, look) => {
          const decision = rebalancer.look(look * 1_000, skewed(20), { workUs, sendUs: 1, receiveUs: 2 });
          if (decision?.kind === 'un-salt') endedAt = look * 1_000;
          if (decision?.kind !== 'salt') return;
          salted++;
          expect(look * 1_000 - endedAt).toBeGreaterThanOrEqual(adaptiveSpec.dwellMs);
        });
      }),
    );
    expect(salted).toBeGreaterThan(200);
  });

  it('decides once where the load is what it was, give or take a fifth', () => {
    const noise = fc.array(fc.double({ min: 0.8, max: 1.2, noNaN: true }), { minLength: 600, maxLength: 600 });
    fc.assert(
      fc.property(noise, fc.double({ min: 8, max: 60, noNaN: true }), (factors, ratio) => {
        const rebalancer = new Rebalancer(adaptiveSpec);
        const decisions = factors.map(
          (factor, look) => rebalancer.look(look * 1_000, skewed(ratio * factor), costs)?.kind,
        );
        const made = decisions.filter((kind) => kind !== undefined);
        expect(made[0]).toBe('salt');
        expect(made).not.toContain('un-salt');
      }),
      { numRuns: 30 },
    );
  });
});
