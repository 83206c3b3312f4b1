import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { Zipf } from '../../../src/streams/1-ingest/simulated/zipf.ts';
import { SpaceSaving } from '../../../src/streams/hot-keys/space-saving.ts';

/** 250 coins as CoinGecko gave them, with their traded volume of 24 hours: one has 32 % of all. */
const VOLUMES = 'test/fixtures/markets/dioday45_all_coins_by_mc_1.json.gz';

const weighted = fc.array(fc.tuple(fc.nat({ max: 30 }).map(String), fc.integer({ min: 1, max: 9 })), {
  maxLength: 300,
});

function exact(stream: readonly (readonly [string, number])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [key, weight] of stream) counts.set(key, (counts.get(key) ?? 0) + weight);
  return counts;
}

describe('a sketch of heavy hitters', () => {
  it('is exact while there is room', () => {
    const sketch = new SpaceSaving(4);
    for (const key of ['a', 'b', 'a', 'c']) sketch.add(key);
    expect(sketch.of('a')).toEqual({ key: 'a', count: 2, error: 0 });
    expect(sketch.of('z')).toEqual({ key: 'z', count: 0, error: 0 });
  });

  it('gives the place of the lightest to a new key, with what it may have counted too much', () => {
    const sketch = new SpaceSaving(2);
    for (const key of ['a', 'a', 'b', 'c']) sketch.add(key);
    expect(sketch.of('c')).toEqual({ key: 'c', count: 2, error: 1 });
    expect([...sketch.keys()].sort()).toEqual(['a', 'c']);
  });

  it('keeps its bounds, whatever comes', () => {
    fc.assert(
      fc.property(weighted, fc.integer({ min: 1, max: 12 }), (stream, capacity) => {
        const sketch = new SpaceSaving(capacity);
        for (const [key, weight] of stream) sketch.add(key, weight);
        const counts = exact(stream);
        const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
        expect(sketch.total).toBe(total);
        expect(sketch.keys().length).toBe(Math.min(capacity, counts.size));
        for (const [key, count] of counts) {
          const found = sketch.of(key);
          expect(found.count).toBeGreaterThanOrEqual(count);
          expect(found.count - found.error).toBeLessThanOrEqual(count);
          expect(found.count - count).toBeLessThanOrEqual(total / capacity);
          if (count > total / capacity) expect(sketch.keys()).toContain(key);
        }
      }),
    );
  });

  it.each([0.8, 1, 1.5, 2])('finds the most frequent of 10,000 keys after Zipf %d with 64 counters', (exponent) => {
    const random = seededRandom(`zipf ${exponent}`);
    const ranks = new Zipf(10_000, exponent);
    const stream = Array.from({ length: 100_000 }, () => [String(ranks.draw(random)), 1] as const);
    const sketch = new SpaceSaving(64);
    for (const [key, weight] of stream) sketch.add(key, weight);
    const heavy = [...exact(stream)].filter(([, count]) => count > stream.length / 64);
    expect(heavy.length).toBeGreaterThan(0);
    for (const [key, count] of heavy) {
      const found = sketch.of(key);
      expect(found.count - found.error).toBeLessThanOrEqual(count);
      expect(found.count).toBeGreaterThanOrEqual(count);
    }
  });
});

describe('the trade of real coins', () => {
  const quotes = z
    .array(z.looseObject({ id: z.string(), total_volume: z.number().nullable() }))
    .parse(JSON.parse(gunzipSync(readFileSync(VOLUMES)).toString('utf8')));
  const volumes = new Map(quotes.map(({ id, total_volume: volume }) => [id, volume ?? 0]));
  const total = [...volumes.values()].reduce((sum, volume) => sum + volume, 0);

  /** Trades of 1/10,000 of all volume each, in an order that mixes them all. */
  function trades(): readonly string[] {
    const random = seededRandom('trades');
    const all = [...volumes].flatMap(([id, volume]) => Array<string>(Math.round((10_000 * volume) / total)).fill(id));
    return all
      .map((id) => ({ id, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ id }) => id);
  }

  it.each([8, 16, 64])('has its heaviest coins found among 250 with %d counters', (capacity) => {
    const sketch = new SpaceSaving(capacity);
    const stream = trades();
    for (const id of stream) sketch.add(id);
    const counts = exact(stream.map((id) => [id, 1] as const));
    const heavy = [...counts].filter(([, count]) => count > stream.length / capacity);
    expect(heavy.map(([id]) => id)).toEqual(expect.arrayContaining(['tether', 'bitcoin', 'ethereum']));
    for (const [id, count] of heavy) {
      const found = sketch.of(id);
      expect(sketch.keys()).toContain(id);
      expect(found.count).toBeGreaterThanOrEqual(count);
      expect(found.count - found.error).toBeLessThanOrEqual(count);
      expect(found.error).toBeLessThanOrEqual(stream.length / capacity);
    }
  });
});
