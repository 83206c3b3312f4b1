import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coalesce } from '../../../src/streams/skew-lab/coalesce.ts';

const sizes = fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 60 });
const limits = fc.integer({ min: 0, max: 2_000 });

describe('coalescing partitions', () => {
  it('leaves none out, keeps their order, and sums their bytes', () => {
    fc.assert(
      fc.property(sizes, limits, fc.integer({ min: 1, max: 20 }), (each, advisory, parallelism) => {
        const groups = coalesce(each, advisory, parallelism);
        const places = groups.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, at) => from + at));
        expect(places).toEqual([...each.keys()]);
        for (const { from, to, bytes } of groups)
          expect(bytes).toBe(each.slice(from, to).reduce((sum, size) => sum + size, 0));
      }),
    );
  });

  it('makes no group larger than the target but of one partition, and no two neighbours that would fit into it', () => {
    fc.assert(
      fc.property(sizes, limits, fc.integer({ min: 1, max: 20 }), (each, advisory, parallelism) => {
        const total = each.reduce((sum, size) => sum + size, 0);
        const target = Math.min(advisory, Math.ceil(total / parallelism));
        const groups = coalesce(each, advisory, parallelism);
        for (const { from, to, bytes } of groups) if (to - from > 1) expect(bytes).toBeLessThanOrEqual(target);
        groups.slice(1).forEach(({ bytes }, at) => expect((groups[at]?.bytes ?? 0) + bytes).toBeGreaterThan(target));
      }),
    );
  });

  it('leaves work for everybody: the target shrinks where the advisory size would leave too few groups', () => {
    expect(coalesce([10, 10, 10, 10], 1_000, 4)).toHaveLength(4);
    expect(coalesce([10, 10, 10, 10], 1_000, 2)).toHaveLength(2);
    expect(coalesce([10, 10, 10, 10], 1_000, 1)).toEqual([{ from: 0, to: 4, bytes: 40 }]);
  });

  it('keeps every partition that has something where nothing may be put together', () => {
    expect(coalesce([3, 1, 2], 0, 1)).toHaveLength(3);
  });
});
