import { type Subscription, VirtualTimeScheduler } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HotKeys } from '../../../src/streams/hot-keys/hot-keys.ts';
import type { Decision } from '../../../src/streams/hot-keys/rebalancer.ts';
import { watchStragglers } from '../../../src/streams/hot-keys/watch-stragglers.ts';
import type { LocalLog } from '../../../src/streams/log/local/maintenance.ts';
import { createMemoryLog } from '../../../src/streams/log/memory/memory-log.ts';
import { formatRfc3339 } from '../../../src/streams/rfc3339.ts';
import type { StageReport } from '../../../src/streams/task/reports.ts';
import { topicNames, topicSpecs } from '../../../src/streams/topics.ts';
import { stageReport } from '../../support/stage-report.ts';

const names = topicNames('');
const PARTITIONS = 4;

let log: LocalLog;
let clock: VirtualTimeScheduler;
let hotKeys: HotKeys;
let decisions: Decision[];
let failures: unknown[];
let watching: Subscription;
beforeEach(async () => {
  log = createMemoryLog();
  await log.topics.ensure(topicSpecs('', PARTITIONS));
  clock = new VirtualTimeScheduler();
  clock.maxFrames = 0;
  hotKeys = new HotKeys(() => clock.now());
  [decisions, failures] = [[], []];
  watching = watchStragglers({
    ...{ log, names, partitions: PARTITIONS, stage: 'combine', hotKeys, clock },
    onDecision: (decision) => decisions.push(decision),
    onFailure: (error) => failures.push(error),
  });
  await settle();
});
afterEach(() => watching.unsubscribe());

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
};

async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    clock.maxFrames += 1_000;
    clock.flush();
    clock.frame = clock.maxFrames;
    await settle();
  }
}

async function append(...reports: readonly Partial<StageReport>[]): Promise<void> {
  const now = formatRfc3339(clock.now());
  const full = reports.map((report) => stageReport({ reported_at: now, ...report }));
  await log.append(
    full.map((report) => ({
      topic: names.tasks,
      partition: report.partition,
      key: report.task,
      value: JSON.stringify(report),
    })),
  );
  await settle();
}

/** A second's reports: partition 0 has 30 times the records of each of its peers, nearly all of one key. */
const report = (second: number): Promise<void> =>
  append(
    ...[0, 1, 2, 3].map((partition) => {
      const records = (partition === 0 ? 60_000 : 2_000) * second;
      const heaviest = partition === 0 ? [{ key: 'hot', count: 55_000, error: 10 }] : [];
      const horizon = partition === 0 ? 60_000 : 2_000;
      return { partition, owner: `instance ${partition % 2}`, records, work_ms: records / 20, horizon, heaviest };
    }),
  );

describe('who watches for stragglers', () => {
  it('salts the hot key of one, from what the reports of all say, and tells what it decided', async () => {
    hotKeys.at(0);
    await report(0);
    await report(1);
    await pass(2);
    expect(decisions.map(({ kind }) => kind)).toEqual(['salt']);
    expect(decisions[0]?.costs.workUs).toBe(50);
    expect(decisions[0]?.before.ratio).toBe(30);
    expect(hotKeys.at(0).salted).toEqual([{ key: 'hot', salts: 4 }]);
    expect(new Set(decisions[0]?.salted.map(({ home }) => home))).toEqual(new Set([0]));
    expect(failures).toEqual([]);
  });

  it('decides nothing while nobody has said what a record costs, nor when it is told to end', async () => {
    await report(0);
    await pass(5);
    expect(decisions).toEqual([]);
    watching.unsubscribe();
    await report(1);
    await pass(5);
    expect(decisions).toEqual([]);
  });

  it('passes over what is no report of a stage', async () => {
    await log.append([
      { topic: names.tasks, partition: 0, key: 'ingest|recorded', value: '{"kind":"played"}' },
      { topic: names.tasks, partition: 0, key: 'combine|x|0', value: null },
    ]);
    await report(0);
    await report(1);
    await pass(2);
    expect(decisions.map(({ costs }) => costs.workUs)).toEqual([50]);
    // Who takes the partition later has it, too.
    expect(hotKeys.at(0).salted).toHaveLength(1);
    expect(failures).toEqual([]);
  });
});
