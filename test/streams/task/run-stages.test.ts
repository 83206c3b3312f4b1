import { beforeEach, describe, expect, it } from 'vitest';
import type { LocalLog } from '../../../src/streams/log/local/maintenance.ts';
import { type RunningStages, runStages, type RunStagesOptions } from '../../../src/streams/task/run-stages.ts';
import { topicNames } from '../../../src/streams/topics.ts';
import { HastyClock } from '../../support/driver/hasty-clock.ts';
import { INPUT, OUTPUT, position, POSITIONS, taskLog, testStage, textsOf } from '../../support/task-harness.ts';

const PARTITIONS = 4;
const clock = new HastyClock();

let log: LocalLog;
let halts: unknown[];
let notices: string[];
beforeEach(async () => {
  log = await taskLog(PARTITIONS, clock);
  halts = [];
  notices = [];
});

const run = (options: Partial<RunStagesOptions> = {}): Promise<RunningStages> =>
  runStages({
    ...{ log, namespace: '', partitions: PARTITIONS, clock, stages: [testStage()] },
    names: { ...topicNames(''), positions: POSITIONS },
    policy: { intervalMs: 50, records: 3 },
    onNotice: (what) => notices.push(what),
    onHalt: (error) => halts.push(error),
    ...options,
  });

/** Appends so many records to every partition of the input. */
const feed = async (count: number): Promise<void> => {
  for (let partition = 0; partition < PARTITIONS; partition++)
    await log.append(Array.from({ length: count }, () => ({ topic: INPUT, partition, key: null, value: 'in' })));
};

const outputs = (): Promise<readonly (readonly string[])[]> =>
  Promise.all([0, 1, 2, 3].map((partition) => textsOf(log, OUTPUT, partition)));

const untilCaughtUp = async (stages: RunningStages): Promise<void> => {
  while (!(await stages.caughtUp())) await new Promise(setImmediate);
};

const upTo = (count: number): readonly string[] => Array.from({ length: count }, (_, offset) => `out ${offset}`);

describe('running stages', () => {
  it('works on every partition until everything is committed', async () => {
    await feed(7);
    const stages = await run();
    expect(await stages.caughtUp()).toBe(false);
    await untilCaughtUp(stages);
    expect(stages.slots().map(({ stage, topic, partition }) => [stage, topic, partition])).toEqual(
      [0, 1, 2, 3].map((partition) => ['test', INPUT, partition]),
    );
    await stages.stop('commit');
    expect(await outputs()).toEqual(Array(4).fill(upTo(7)));
    expect(await log.progress('pulse-test')).toHaveLength(4);
    expect(stages.slots()).toEqual([]);
    expect([halts, notices]).toEqual([[], []]);
  });

  it('goes on where it was stopped', async () => {
    await feed(3);
    const first = await run();
    await untilCaughtUp(first);
    await first.stop('commit');
    await feed(2);
    const second = await run();
    await untilCaughtUp(second);
    await second.stop('commit');
    expect(await outputs()).toEqual(Array(4).fill(upTo(5)));
  });

  it('commits what is processed when it is stopped so, and not when it is to abandon it', async () => {
    log = await taskLog(1, clock);
    await log.append([0, 1].map(() => ({ topic: INPUT, partition: 0, key: null, value: 'in' })));
    const policy = { intervalMs: 1e12, records: 1e6 };
    for (const [ending, wanted] of [
      ['abandon', []],
      ['commit', upTo(2)],
    ] as const) {
      let stopped: Promise<void> | undefined;
      const process = ({ offset }: { readonly offset: number }): void => {
        if (offset === 1) stopped = stages.stop(ending);
      };
      const stages = await run({ partitions: 1, policy, stages: [testStage({ process })] });
      while (stopped === undefined) await new Promise(setImmediate);
      await stopped;
      expect(await textsOf(log, OUTPUT)).toEqual(wanted);
    }
  });

  it('shares the partitions with others, and takes over from one that leaves, each record once', async () => {
    await feed(5);
    const [one, other] = [await run(), await run()];
    while (other.slots().length < 2) await new Promise(setImmediate);
    expect([one.slots().length, other.slots().length]).toEqual([2, 2]);
    await feed(5);
    await untilCaughtUp(one);
    await feed(5);
    await other.stop('abandon');
    expect(one.slots()).toHaveLength(4);
    await untilCaughtUp(one);
    await one.stop('commit');
    expect(await outputs()).toEqual(Array(4).fill(upTo(15)));
    expect(halts).toEqual([]);
  });

  it('gives a partition up when its task has ended, and not before', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let holds = 0;
    const holding = testStage({ committed: () => (holds++, held) });
    await feed(1);
    const one = await run({ stages: [holding] });
    while (holds < PARTITIONS) await new Promise(setImmediate);
    let joined = false;
    const joining = run().then((other) => ((joined = true), other));
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect(joined).toBe(false);
    release();
    const other = await joining;
    expect([one.slots().length, other.slots().length]).toEqual([2, 2]);
    await Promise.all([one.stop('commit'), other.stop('commit')]);
    expect(await outputs()).toEqual(Array(4).fill(upTo(1)));
  });

  it('hands up the error that ends a task, and goes on with the others', async () => {
    await log.append([position(0, {}, 0), position(0, {}, 1), position(0, {}, 3)]);
    await feed(4);
    const stages = await run();
    while ((await outputs()).flat().length < 12) await new Promise(setImmediate);
    expect(halts).toEqual([
      expect.objectContaining({ code: 'position-missing', message: expect.stringContaining('|2') as string }),
    ]);
    expect(await stages.caughtUp()).toBe(false);
    await stages.stop('commit');
    expect((await outputs())[2]).toEqual([]);
  });

  it('has groups and transactional ids of its namespace', async () => {
    const ids: string[] = [];
    const spying: LocalLog = { ...log, writer: (id) => (ids.push(id), log.writer(id)) };
    await feed(1);
    const stages = await run({ namespace: 'demo', log: spying });
    await untilCaughtUp(stages);
    await stages.stop('commit');
    expect(new Set(ids)).toEqual(
      new Set(['demo.pulse-genesis', ...[0, 1, 2, 3].map((partition) => `demo.pulse-test-${INPUT}-${partition}`)]),
    );
    expect(await log.progress('demo.pulse-test')).toHaveLength(4);
  });
});
