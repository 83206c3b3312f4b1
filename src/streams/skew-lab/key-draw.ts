import type { Random } from '../1-ingest/simulated/random.ts';
import { Zipf } from '../1-ingest/simulated/zipf.ts';
import type { Popularity } from './lab-spec.ts';

/** Draws which of `keys` keys the next record has, 0 being the hottest. */
export function keyDraw(popularity: Popularity, keys: number): (random: Random) => number {
  switch (popularity.kind) {
    case 'zipf': {
      const zipf = new Zipf(keys, popularity.exponent);
      return (random) => zipf.draw(random);
    }
    case 'hot':
      return (random) => (keys === 1 || random() < popularity.share ? 0 : 1 + Math.floor(random() * (keys - 1)));
  }
}
