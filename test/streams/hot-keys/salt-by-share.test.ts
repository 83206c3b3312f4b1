import { describe, expect, it } from 'vitest';
import type { SaltedKey } from '../../../src/streams/hot-keys/balance.ts';
import { saltByShare } from '../../../src/streams/hot-keys/salt-by-share.ts';

const came = (total: number, ...counts: readonly (readonly [string, number, number?])[]) => ({
  total,
  keys: counts.map(([key, count, error = 0]) => ({ key, count, error })),
});

describe('salting by share', () => {
  it('deals a key out over as many lanes as its share asks for, its home first', () => {
    expect(saltByShare(6, 8, came(1_000, ['a', 300], ['b', 200], ['c', 199]), [])).toEqual([
      { key: 'a', home: 6, cycle: [6, 7, 0] },
      { key: 'b', home: 6, cycle: [6, 7] },
    ]);
    expect(saltByShare(0, 4, came(1_000, ['a', 1_000]), [])).toEqual([{ key: 'a', home: 0, cycle: [0, 1, 2, 3] }]);
  });

  it('goes by what a key has for certain', () => {
    expect(saltByShare(0, 8, came(1_000, ['a', 300, 101]), [])).toEqual([]);
  });

  it('takes a key back under a tenth only, and never deals it out over fewer', () => {
    const before: SaltedKey[] = [{ key: 'a', home: 0, cycle: [0, 1, 2] }];
    expect(saltByShare(0, 8, came(1_000, ['a', 100]), before)).toEqual(before);
    expect(saltByShare(0, 8, came(1_000, ['a', 900]), before)[0]?.cycle).toHaveLength(8);
    expect(saltByShare(0, 8, came(1_000, ['a', 99]), before)).toEqual([]);
  });

  it('concludes nothing from little, and does nothing with one lane', () => {
    expect(saltByShare(0, 8, came(199, ['a', 199]), [])).toEqual([]);
    expect(saltByShare(0, 1, came(1_000, ['a', 999]), [])).toEqual([]);
  });
});
