import { describe, expect, it } from 'vitest';
import type { StageReport } from '../../../src/streams/task/reports.ts';
import { TaskMeter } from '../../../src/web/server/pipeline/task-meter.ts';

const begin = Date.UTC(2024, 0, 1);

function report(second: number, change: Partial<StageReport> = {}): StageReport {
  const { stage = 'combine', topic = 'coingecko.markets', partition = 0 } = change;
  return {
    ...{ task: `${stage}|${topic}|${partition}`, stage, topic, partition, owner: 'a:1' },
    reported_at: new Date(begin + second * 1000).toISOString(),
    ...{ records: 0, work_ms: 0, busy_ms: 0, lag: 0, commit_ms: 0, ...change },
  };
}
const heard = (...reports: readonly StageReport[]): TaskMeter => {
  const meter = new TaskMeter();
  for (const one of reports) meter.hear(one);
  return meter;
};

describe('what a stage’s tasks report', () => {
  it('becomes a rate and a share of the time between two reports', () => {
    const meter = heard(
      report(0, { records: 100, busy_ms: 50, commit_ms: 9 }),
      report(2, { records: 700, busy_ms: 550, commit_ms: 4, lag: 8 }),
    );
    expect(meter.figures(begin + 2_000)).toEqual([
      {
        ...{ stage: 'combine', topic: 'coingecko.markets', partition: 0, owner: 'a:1', reportedAt: begin + 2_000 },
        ...{ records: 700, lag: 8, perSecond: 300, busy: 0.25, commitMs: 4, p95Ms: 9 },
      },
    ]);
  });

  it.each([
    ['a first report', [report(0, { records: 9 })]],
    ['another owner', [report(0, { records: 9 }), report(1, { records: 12, owner: 'b:2' })]],
    ['a restart', [report(0, { records: 9 }), report(1, { records: 3 })]],
    ['the same report twice', [report(0, { records: 9 }), report(0, { records: 9 })]],
  ])('says no pace after %s', (_, reports) => {
    expect(heard(...reports).figures(begin)).toMatchObject([{ perSecond: null, busy: null }]);
  });

  it('counts a commit once, however often it is told, and forgets it after five minutes', () => {
    const idle = Array.from({ length: 50 }, (_, i) => report(i + 1, { records: 5, commit_ms: 40 }));
    const meter = heard(report(0, { records: 5, commit_ms: 40 }), ...idle, report(60, { records: 6, commit_ms: 2 }));
    expect(meter.commitsOf('combine').summary(begin + 60_000)).toEqual({ p95Ms: 40, samples: 2 });
    expect(meter.commitsOf('combine').summary(begin + 301_000)).toEqual({ p95Ms: 2, samples: 1 });
    expect(meter.commitsOf('maintain').summary(begin)).toEqual({ p95Ms: null, samples: 0 });
  });

  it('is in the order of stage and partition, and gone with its task', () => {
    const meter = heard(
      report(0, { stage: 'maintain', topic: 'pulse.partials' }),
      report(0, { partition: 10 }),
      report(0, { partition: 2 }),
    );
    const order = (): unknown[] => meter.figures(begin).map(({ stage, partition }) => [stage, partition]);
    expect(order()).toEqual([
      ['combine', 2],
      ['combine', 10],
      ['maintain', 0],
    ]);
    meter.forget('combine|coingecko.markets|2');
    expect(order()).toHaveLength(2);
  });
});
