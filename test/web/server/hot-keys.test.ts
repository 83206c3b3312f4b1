import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Pipeline } from '../../../src/web/pipeline-contract.ts';
import { decided, hotReport } from '../../support/web/hot-reports.ts';
import { ready, until, WebHarness } from '../../support/web/web-harness.ts';

let harness: WebHarness;
beforeEach(async () => {
  harness = await WebHarness.create();
});
afterEach(() => harness.close());

const serve = async (): Promise<string> => {
  const { url } = await harness.serve();
  await ready(url);
  return url;
};
const told = async (url: string): Promise<Pipeline> => (await (await fetch(`${url}/api/pipeline`)).json()) as Pipeline;
/** Resolves once the server has heard of that. */
const heard = (url: string, holds: (pipeline: Pipeline) => boolean): Promise<void> =>
  until(async () => holds(await told(url)), 'it is told');
const metrics = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();
const T = (second: number): string => new Date(Date.UTC(2024, 0, 1) + second * 1000).toISOString();

describe('hot keys', () => {
  it('are told with the bounds of their share, over how many partitions they are salted, and what is sent on', async () => {
    const { feeder } = harness;
    const url = await serve();
    const at = Date.now();
    const iso = (ms: number): string => new Date(at + ms).toISOString();
    await feeder.reportStage(hotReport(1, { reported_at: iso(-2000), records: 10, forwarded: 100 }));
    await heard(url, ({ hotKeys }) => hotKeys.length === 1);
    const salted = [
      { key: 'bitcoin', salts: 4 },
      { key: 'cooling', salts: 2 },
    ];
    await feeder.reportStage(hotReport(1, { reported_at: iso(0), records: 900, forwarded: 700, salted }));
    await feeder.reportStage(hotReport(0, { horizon: 0, heaviest: [] }));
    await feeder.reportStage({ stage: 'maintain', topic: 'pulse.partials', partition: 0 });
    await heard(url, ({ tasks }) => tasks.length === 3);
    const { hotKeys } = await told(url);
    const bitcoin = { key: 'bitcoin', least: 0.4, most: 0.42 };
    expect(hotKeys).toMatchObject([
      { partition: 0, heaviest: null, salted: [], forwardedPerSecond: null },
      {
        ...{ partition: 1, records: 1000, heaviest: bitcoin, forwarded: 700, forwardedPerSecond: 300 },
        salted: [
          { key: 'bitcoin', salts: 4, weight: bitcoin },
          { key: 'cooling', salts: 2, weight: null },
        ],
      },
    ]);
  });

  it('leave their decisions, each once, the newest first, however often a report tells of the last', async () => {
    const { feeder } = harness;
    const url = await serve();
    await feeder.reportStage(hotReport(0));
    for (const [second, kind] of [
      [1, 'salt'],
      [1, 'salt'],
      [2, 'deal anew'],
      [3, 'un-salt'],
      [3, 'un-salt'],
    ] as const)
      await feeder.reportStage(hotReport(0, decided(T(second), kind, 'bitcoin')));
    await feeder.reportStage(hotReport(1, decided(T(2.5), 'salt', 'pepe', null)));
    await heard(url, ({ saltDecisions }) => saltDecisions.length === 4);
    const { saltDecisions } = await told(url);
    expect(saltDecisions.map(({ kind, partition }) => [kind, partition])).toEqual([
      ['un-salt', 0],
      ['salt', 1],
      ['deal anew', 0],
      ['salt', 0],
    ]);
    const ground = { busiestMs: 7900, medianMs: 1000, predictedBusiestMs: 1180, predictedMedianMs: 1020 };
    expect(saltDecisions[0]).toMatchObject({ at: Date.parse(T(3)), keys: [{ key: 'bitcoin', salts: 4 }], ground });
    expect(saltDecisions[0]?.ground).toMatchObject({ workUs: 36.1, sendUs: 2.2, receiveUs: 0.6 });
    expect(saltDecisions[1]?.ground).toBeNull();
    expect(await metrics(url)).toMatch(/^pulse_hot_decisions_total\{kind="un-salt"\} 1$/m);
  });

  it('are metrics without a label that anybody could make up', async () => {
    const { feeder } = harness;
    const url = await serve();
    const salted = [{ key: 'bitcoin', salts: 4 }];
    await feeder.reportStage(hotReport(0, { salted, forwarded: 41, lag: 7 }));
    const hot = { stage: 'combine-hot', topic: 'pulse.hot', partition: 1, unbundled: 40 };
    const now = Date.now();
    await feeder.reportStage({ ...hot, reported_at: new Date(now - 1000).toISOString() });
    await heard(url, ({ tasks }) => tasks.length === 2);
    await feeder.reportStage({ ...hot, reported_at: new Date(now).toISOString(), records: 2, busy_ms: 250 });
    await feeder.reportStage(hotReport(1, { salted, reported_at: T(0), lag: 9 }));
    await heard(url, ({ tasks }) => tasks.length === 3);
    const text = await metrics(url);
    for (const line of [
      'pulse_hot_key_share{partition="0"} 0.4',
      'pulse_salted_keys{partition="0"} 1',
      'pulse_hot_forwarded_records_total{partition="0"} 41',
      'pulse_hot_unbundled_records_total{partition="1"} 40',
      'pulse_task_busy_ratio{stage="combine-hot",partition="1"} 0.25',
      'pulse_task_lag_records{stage="combine",partition="0"} 7',
    ])
      expect(text.split('\n')).toContain(line);
    // Nobody works on that partition: what it was like is no news.
    expect(text).not.toMatch(/pulse_(salted_keys|hot_key_share)\{partition="1"/);
    expect(text).not.toMatch(/bitcoin/);
  });

  it('of any name and number do no harm', async () => {
    const { feeder } = harness;
    const key = `\u202e<b>${'x'.repeat(900)}`;
    const heaviest = [{ key, count: 1e300, error: -5 }];
    await feeder.reportStage(hotReport(0, { heaviest, horizon: 3, salted: [{ key, salts: 1e9 }] }));
    const malformed = hotReport(1, { heaviest: [null] as unknown as [] });
    await feeder.reportStage(malformed);
    await feeder.reportStage(hotReport(1, { decision: { at: 'now' } as never }));
    const { hotKeys, tasks } = await told(await serve());
    expect(tasks).toHaveLength(1);
    expect(hotKeys[0]?.heaviest).toMatchObject({ least: 1, most: 1 });
    expect(hotKeys[0]?.heaviest?.key).toMatch(/^⟨U\+202E⟩<b>x{190,200}$/);
    expect(JSON.stringify(hotKeys).length).toBeLessThan(2000);
  });
});
