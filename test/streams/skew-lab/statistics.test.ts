import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatencyHistogram } from '../../../src/streams/skew-lab/latency-histogram.ts';
import { summaryOf } from '../../../src/streams/skew-lab/summary.ts';

describe('the summary of some figures', () => {
  it('has quartiles between the figures, the ratio of the extremes, and the imbalance', () => {
    expect(summaryOf([8, 1, 2, 4])).toEqual({
      ...{ min: 1, p25: 1.75, median: 3, p75: 5, max: 8, mean: 3.75 },
      ...{ ratio: 8 / 3, imbalance: 4.25 },
    });
    expect(summaryOf([7])).toEqual({ min: 7, p25: 7, median: 7, p75: 7, max: 7, mean: 7, ratio: 1, imbalance: 0 });
  });

  it('has a ratio where nobody did anything, and none where only the busiest did', () => {
    expect(summaryOf([0, 0, 0]).ratio).toBe(1);
    expect(summaryOf([0, 0, 5]).ratio).toBeNull();
    expect(() => summaryOf([])).toThrow(RangeError);
  });

  it('is in order, whatever the figures', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1 }), (values) => {
        const { min, p25, median, p75, max, mean, imbalance } = summaryOf(values);
        expect([min, p25, median, p75, max]).toEqual([min, p25, median, p75, max].sort((a, b) => a - b));
        expect([Math.min(...values), Math.max(...values)]).toEqual([min, max]);
        expect(imbalance).toBeCloseTo(max - mean, 9);
      }),
    );
  });
});

describe('the histogram of waits', () => {
  it('knows every quantile to 4.4 %, and never says less than it was', () => {
    const waits = fc.array(fc.double({ min: 0.01, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(waits, fc.constantFrom(0.01, 0.5, 0.95, 0.99, 1), (all, share) => {
        const histogram = new LatencyHistogram();
        for (const ms of all) histogram.add(ms, 1);
        const exact = [...all].sort((a, b) => a - b)[Math.ceil(share * all.length) - 1] ?? 0;
        expect(histogram.quantile(share)).toBeGreaterThanOrEqual(exact * (1 - 1e-9));
        expect(histogram.quantile(share)).toBeLessThanOrEqual(exact * 2 ** (1 / 16) * (1 + 1e-9));
      }),
    );
  });

  it('merges with another one, weighs what came together, and takes what is below its least bucket', () => {
    const [one, other] = [new LatencyHistogram(), new LatencyHistogram()];
    one.add(10, 3);
    other.add(10, 1);
    other.add(0, 4);
    one.merge(other.buckets());
    expect(one.buckets().map(({ records }) => records)).toEqual([4, 4]);
    expect(one.quantile(0.5)).toBe(0.01);
    expect(new LatencyHistogram().quantile(0.5)).toBe(0);
  });
});
