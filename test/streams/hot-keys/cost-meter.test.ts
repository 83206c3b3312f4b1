import { beforeEach, describe, expect, it } from 'vitest';
import { assumedDetour, CostMeter } from '../../../src/streams/hot-keys/cost-meter.ts';
import { stageReport } from '../../support/stage-report.ts';

let meter: CostMeter;
beforeEach(() => {
  meter = new CostMeter('combine');
});

const hear = (partition: number, records: number, workMs: number, forwarded = 0, owner = 'a'): void =>
  meter.hear(stageReport({ partition, records, work_ms: workMs, forwarded, owner }));

describe('what a record costs', () => {
  it('is unknown until enough of them have been worked on', () => {
    hear(0, 100, 50);
    hear(0, 2_099, 60);
    expect(meter.costs()).toBeUndefined();
    hear(0, 2_100, 60);
    expect(meter.costs()).toEqual({ workUs: 5, ...assumedDetour });
  });

  it('is the median of the tasks that forward nothing', () => {
    for (const [partition, workMs] of [10, 20, 90].entries()) {
      hear(partition, 0, 0);
      hear(partition, 10_000, workMs);
    }
    expect(meter.costs()?.workUs).toBe(2);
  });

  it('stays what it was while a task forwards, which tells what sending costs', () => {
    hear(0, 0, 0);
    hear(0, 10_000, 100);
    hear(0, 20_000, 165, 5_000);
    expect(meter.costs()).toEqual({ ...assumedDetour, workUs: 10, sendUs: 3 });
  });

  it('of receiving is what a record out of a bundle takes longer', () => {
    hear(0, 0, 0);
    hear(0, 10_000, 100);
    const hot = (unbundled: number, workMs: number): void =>
      meter.hear(stageReport({ stage: 'combine-hot', topic: 'pulse.hot', unbundled, work_ms: workMs }));
    hot(0, 0);
    hot(4_000, 46);
    expect(meter.costs()?.receiveUs).toBeCloseTo(1.5, 9);
  });

  it('is not taken across a restart or a change of owner', () => {
    hear(0, 0, 0);
    hear(0, 50_000, 10, 0, 'b');
    hear(0, 0, 0, 0, 'b');
    expect(meter.costs()).toBeUndefined();
    hear(0, 10_000, 100, 0, 'b');
    expect(meter.costs()?.workUs).toBe(10);
  });

  it('is not asked of other stages', () => {
    for (const records of [0, 10_000]) meter.hear(stageReport({ stage: 'maintain', records, work_ms: records }));
    expect(meter.costs()).toBeUndefined();
  });
});
