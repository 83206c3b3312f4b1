import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign } from '../../../../src/streams/log/local/assign.ts';

const members = fc.uniqueArray(fc.nat(9), { minLength: 1, maxLength: 6 });
const items = fc.nat(30).map((count) => Array.from({ length: count }, (_, i) => `item-${i}`));
const owners = fc.func<[string], number | undefined>(fc.option(fc.nat(9), { nil: undefined }));

describe('assign', () => {
  it('gives every item to one member, as evenly as can be', () => {
    fc.assert(
      fc.property(items, members, owners, (all, live, ownerOf) => {
        const assigned = assign(all, live, ownerOf);
        expect([...assigned.keys()].sort()).toEqual([...all].sort());
        const counts = live.map((member) => [...assigned.values()].filter((owner) => owner === member).length);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(all.length);
      }),
    );
  });

  it('moves no more than it takes to be even', () => {
    fc.assert(
      fc.property(items, members, owners, (all, live, ownerOf) => {
        const assigned = assign(all, live, ownerOf);
        const held = (member: number): number => all.filter((item) => ownerOf(item) === member).length;
        const least = Math.floor(all.length / live.length);
        const larger = all.length % live.length;
        // The best there is: as many members as there may be keep one more than the least share, if they have it.
        const withMore = live.filter((member) => held(member) > least).length;
        const keepable =
          live.reduce((sum, member) => sum + Math.min(held(member), least), 0) + Math.min(withMore, larger);
        const kept = all.filter((item) => assigned.get(item) === ownerOf(item) && ownerOf(item) !== undefined).length;
        expect(kept).toBe(keepable);
      }),
    );
  });

  it('leaves everything as it is when nobody has come or gone', () => {
    fc.assert(
      fc.property(items, members, owners, (all, live, ownerOf) => {
        const first = assign(all, live, ownerOf);
        expect(assign(all, live, (item) => first.get(item))).toEqual(first);
      }),
    );
  });

  it('gives nothing where there is nobody', () => {
    expect(assign(['a'], [], () => undefined).size).toBe(0);
  });
});
