import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/streams/1-ingest/simulated/random.ts';
import { Zipf } from '../../../../src/streams/1-ingest/simulated/zipf.ts';

const RANKS = 50;
const DRAWS = 200_000;

describe('Zipf', () => {
  it.each([0, 0.8, 1, 1.5])('draws each rank as often as its weight says, with the exponent %d', (exponent) => {
    const zipf = new Zipf(RANKS, exponent);
    const random = seededRandom('zipf');
    const counts = new Array<number>(RANKS).fill(0);
    for (let i = 0; i < DRAWS; i++) counts[zipf.draw(random)]!++;
    const weights = counts.map((_, rank) => (rank + 1) ** -exponent);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    counts.forEach((found, rank) => {
      const expected = (DRAWS * weights[rank]!) / total;
      // Six standard deviations of a binomial; the seed is fixed.
      expect(Math.abs(found - expected)).toBeLessThan(6 * Math.sqrt(expected));
    });
  });

  it('draws the only rank that there is', () => {
    const random = seededRandom('one');
    expect(Array.from({ length: 20 }, () => new Zipf(1, 1).draw(random))).toEqual(new Array(20).fill(0));
  });
});
