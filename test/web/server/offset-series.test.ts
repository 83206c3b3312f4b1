import { describe, expect, it } from 'vitest';
import { OffsetSeries } from '../../../src/web/server/pipeline/offset-series.ts';

/** Samples so far apart of a topic that grows by a hundred records a second, read half as fast. */
function sampled(everyMs: number, count: number): OffsetSeries {
  const series = new OffsetSeries();
  for (let at = 0; at < count * everyMs; at += everyMs) series.add({ at, end: at / 10, position: at / 20 });
  return series;
}

describe('the rate of a partition', () => {
  it.each([500, 2_000, 10_000, 10_900])('is known by samples every %d ms', (everyMs) => {
    const series = sampled(everyMs, 40);
    expect(series.rate(({ end }) => end)).toBeCloseTo(100);
    expect(series.rate(({ position }) => position)).toBeCloseTo(50);
  });

  it('is of the last ten seconds, and not of the time before', () => {
    const series = new OffsetSeries();
    for (let at = 0; at <= 60_000; at += 2_000) series.add({ at, end: at < 40_000 ? 0 : at - 40_000, position: 0 });
    expect(series.rate(({ end }) => end)).toBeCloseTo(1_000);
  });

  it('is none before there are two samples', () => {
    expect(new OffsetSeries().rate(({ end }) => end)).toBe(null);
    expect(sampled(2_000, 1).rate(({ end }) => end)).toBe(null);
  });
});

describe('how far a reader is behind', () => {
  it('is when its topic ended where it is now, between samples in proportion', () => {
    const series = sampled(2_000, 31);
    // At 60 s it is where the topic ended at 30 s.
    expect(series.lagMs(61_000)).toEqual({ ms: 31_000, isLeast: false });
    expect(series.lagAt(60_000)).toBe(3_000);
  });

  it('is nothing at the end, and at least the time that is known where the topic was never seen so short', () => {
    const series = new OffsetSeries();
    series.add({ at: 0, end: 10, position: 10 });
    expect(series.lagMs(5_000)).toEqual({ ms: 0, isLeast: false });
    const late = new OffsetSeries();
    late.add({ at: 1_000, end: 100, position: 3 });
    expect(late.lagMs(5_000)).toEqual({ ms: 4_000, isLeast: true });
  });

  it('begins anew with a log that does', () => {
    const series = sampled(2_000, 5);
    series.add({ at: 20_000, end: 1, position: 0 });
    expect(series.growth()).toBe(0);
  });
});
