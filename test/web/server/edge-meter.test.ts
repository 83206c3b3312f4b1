import { describe, expect, it } from 'vitest';
import { EdgeMeter } from '../../../src/web/server/pipeline/edge-meter.ts';
import { LatencyWindow } from '../../../src/web/server/pipeline/latency-window.ts';
import { TREND_POINTS } from '../../../src/web/pipeline-contract.ts';

const shape = { topic: 'ns.pulse.partials', label: 'pulse.partials', reader: 'maintain' } as const;

describe('an edge of the flow', () => {
  it('knows nothing, and says no zeros, before anybody has looked', () => {
    expect(new EdgeMeter(shape, undefined).edge(1_000)).toEqual({
      ...shape,
      ...{ inPerSecond: null, outPerSecond: null, lag: null, lagMs: null, isLagMsLeast: false },
      ...{ trend: Array.from({ length: TREND_POINTS }, () => null), p95Ms: null, samples: 0 },
    });
  });

  it('sums its partitions, and is as late as the latest of them', () => {
    const latency = new LatencyWindow();
    const meter = new EdgeMeter(shape, latency);
    for (let at = 0; at <= 60_000; at += 2_000) {
      meter.sample(0, { at, end: at / 10, position: at / 10 });
      meter.sample(1, { at, end: at / 100, position: at / 200 });
    }
    for (let ms = 1; ms <= 100; ms++) latency.add(60_000, ms);
    const edge = meter.edge(60_000);
    expect(edge.inPerSecond).toBeCloseTo(110);
    expect(edge.outPerSecond).toBeCloseTo(105);
    expect(edge).toMatchObject({ lag: 300, lagMs: 30_000, isLagMsLeast: false, p95Ms: 95, samples: 100 });
    expect(edge.trend.at(-1)).toBe(300);
    expect(edge.trend.at(-2)).toBe(250);
    expect(edge.trend[0]).toBe(null);
  });

  it('says so where a partition was behind for longer than is remembered', () => {
    const meter = new EdgeMeter(shape, undefined);
    meter.sample(0, { at: 0, end: 5, position: 5 });
    meter.sample(1, { at: 0, end: 100, position: 3 });
    expect(meter.edge(9_000)).toMatchObject({ lag: 97, lagMs: 9_000, isLagMsLeast: true });
  });

  it('tells nothing of now by what was measured long ago, and keeps it in the trend', () => {
    const meter = new EdgeMeter(shape, undefined);
    meter.sample(0, { at: 100_000, end: 10, position: 3 });
    expect(meter.edge(130_000).lag).toBe(7);
    const edge = meter.edge(160_000);
    expect(edge).toMatchObject({ inPerSecond: null, lag: null, lagMs: null });
    expect(edge.trend.filter((lag) => lag !== null)).toEqual([7, 7, 7, 7]);
    expect(edge.trend.at(-1)).toBe(null);
  });
});
