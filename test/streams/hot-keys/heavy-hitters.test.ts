import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeavyHitters } from '../../../src/streams/hot-keys/heavy-hitters.ts';

const spec = { horizonMs: 1_000, panes: 5, capacity: 4 };

describe('the heavy hitters of a horizon', () => {
  it('are those of its panes together, heaviest first', () => {
    const hitters = new HeavyHitters(spec);
    hitters.add('a', 1, 0);
    hitters.add('b', 5, 300);
    hitters.add('a', 2, 700);
    expect(hitters.heaviest(999)).toEqual({
      total: 8,
      keys: [
        { key: 'b', count: 5, error: 0 },
        { key: 'a', count: 3, error: 0 },
      ],
    });
  });

  it('forget a key when its pane has left the horizon', () => {
    const hitters = new HeavyHitters(spec);
    hitters.add('a', 1, 199);
    hitters.add('b', 1, 200);
    expect(hitters.heaviest(999).total).toBe(2);
    expect(hitters.heaviest(1_000)).toEqual({ total: 1, keys: [{ key: 'b', count: 1, error: 0 }] });
    expect(hitters.heaviest(99_000)).toEqual({ total: 0, keys: [] });
  });

  it('keep the bound of one sketch over the whole horizon', () => {
    const step = fc.tuple(fc.nat({ max: 20 }).map(String), fc.integer({ min: 1, max: 5 }), fc.nat({ max: 120 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const hitters = new HeavyHitters(spec);
        const all: { readonly key: string; readonly weight: number; readonly at: number }[] = [];
        let now = 0;
        for (const [key, weight, pause] of steps) {
          hitters.add(key, weight, (now += pause));
          all.push({ key, weight, at: now });
        }
        const since = (Math.floor(now / 200) - 4) * 200;
        const held = all.filter(({ at }) => at >= since);
        const total = held.reduce((sum, { weight }) => sum + weight, 0);
        const found = hitters.heaviest(now);
        expect(found.total).toBe(total);
        for (const key of new Set(held.map((each) => each.key))) {
          const count = held.filter((each) => each.key === key).reduce((sum, { weight }) => sum + weight, 0);
          const hitter = found.keys.find((each) => each.key === key);
          if (hitter === undefined) {
            expect(count).toBeLessThanOrEqual(total / spec.capacity);
            continue;
          }
          expect(hitter.count).toBeGreaterThanOrEqual(count);
          expect(hitter.count - hitter.error).toBeLessThanOrEqual(count);
          expect(hitter.count - count).toBeLessThanOrEqual(total / spec.capacity);
        }
      }),
    );
  });

  it('keep the bounds of what another sketch tells with an error of its own', () => {
    const hitters = new HeavyHitters({ horizonMs: 10, panes: 2, capacity: 2 });
    hitters.add('a', 50, 0, 10);
    hitters.add('a', 30, 6, 5);
    hitters.add('b', 8, 6, 8);
    expect(hitters.heaviest(6).keys).toEqual([
      { key: 'a', count: 80, error: 15 },
      { key: 'b', count: 8, error: 8 },
    ]);
    hitters.add('c', 20, 6, 3);
    // It has taken the place of b, and with it all that b may have had.
    expect(hitters.heaviest(6).keys.find(({ key }) => key === 'c')).toEqual({ key: 'c', count: 28, error: 11 });
  });
});
