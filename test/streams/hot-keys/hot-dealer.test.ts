import { expect, it } from 'vitest';
import { HotDealer } from '../../../src/streams/hot-keys/hot-dealer.ts';

it('deals out in turn what surely has more than a fair share of all, and nothing else', () => {
  const dealer = new HotDealer(4);
  const dealt: (number | undefined)[] = [];
  for (let i = 0; i < 4_000; i++) {
    expect(dealer.deal(`cold-${i % 700}`)).toBeUndefined();
    expect(dealer.deal(`warm-${i % 5}`)).toBeUndefined();
    dealt.push(dealer.deal('hot'));
  }
  // Of the first 200 records nothing follows.
  expect(dealt.slice(0, 66).every((to) => to === undefined)).toBe(true);
  expect(dealt.slice(66, 74)).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
  expect(dealt.slice(67).every((to) => to !== undefined)).toBe(true);
});

it('deals out no key that only may have so much: of more keys than it counts, none is told apart', () => {
  const dealer = new HotDealer(300);
  const keys = Array.from({ length: 20_000 }, (_, i) => `key-${i % 1_000}`);
  const dealt = keys.map((key) => dealer.deal(key));
  // Of the first few hundred records one is a fair share already.
  expect(dealt.slice(2_000).filter((to) => to !== undefined)).toEqual([]);
});
