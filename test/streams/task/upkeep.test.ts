import { VirtualTimeScheduler } from 'rxjs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LocalLog } from '../../../src/streams/log/local/maintenance.ts';
import { createMemoryLog } from '../../../src/streams/log/memory/memory-log.ts';
import { purgeConsumed } from '../../../src/streams/task/purge-consumed.ts';
import { reportStages } from '../../../src/streams/task/report-stages.ts';
import type { TaskSlot } from '../../../src/streams/task/task-slot.ts';
import { topicNames, topicSpecs } from '../../../src/streams/topics.ts';

const names = topicNames('');

/** As much of a slot as is looked at. */
interface Looked {
  stage: string;
  topic: string;
  partition: number;
  isInDoubt: boolean;
  task: { key: string; committed: number; figures: TaskSlot['task']['figures'] };
}

let log: LocalLog;
let clock: VirtualTimeScheduler;
let slots: Looked[];
let failures: unknown[];
const lookedAt = (): readonly TaskSlot[] => slots as unknown as readonly TaskSlot[];
beforeEach(async () => {
  log = createMemoryLog();
  await log.topics.ensure(topicSpecs('', 2));
  clock = new VirtualTimeScheduler();
  failures = [];
  slots = [0, 1].map((partition) => ({
    ...{ stage: 'maintain', topic: names.partials, partition, isInDoubt: false },
    task: {
      ...{ key: `maintain|${names.partials}|${partition}`, committed: 0 },
      figures: { records: 0, workMs: 0, busyMs: 0, lag: 0, commitMs: 0 },
    },
  }));
});

/** Lets time pass, second by second, and what it has set off settle. */
async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    clock.maxFrames += 1_000;
    clock.flush();
    clock.frame = clock.maxFrames;
    await new Promise(setImmediate);
  }
}

describe('reports of tasks', () => {
  const start = () => {
    clock.maxFrames = clock.frame = 0;
    return reportStages({
      ...{ log, names, owner: 'host:1', clock, slots: lookedAt, onFailure: (error) => failures.push(error) },
    });
  };
  const reports = async (partition: number) => {
    const found: unknown[] = [];
    for await (const { records } of log.read({ topic: names.tasks, partition }, 0, Infinity))
      found.push(...records.map(({ key, value }) => ({ key: String(key), ...(JSON.parse(String(value)) as object) })));
    return found;
  };

  it('say what a task is, whose, and what it has done', async () => {
    slots[1]!.task.figures = { records: 7, workMs: 9.6, busyMs: 12.4, lag: 3, commitMs: 1.6 };
    start();
    await pass(1);
    const [key, task] = Array<string>(2).fill('maintain|pulse.partials|1');
    expect(await reports(1)).toEqual([
      {
        ...{ key, task, stage: 'maintain', topic: names.partials, partition: 1, owner: 'host:1' },
        ...{ reported_at: '1970-01-01T00:00:01.000Z', records: 7, work_ms: 10, busy_ms: 12, lag: 3, commit_ms: 2 },
      },
    ]);
  });

  it('have a last word of what was not told yet, once the tasks have ended', async () => {
    const running = start();
    await pass(1);
    running.unsubscribe();
    slots[0]!.task.figures = { ...slots[0]!.task.figures, records: 9, lag: 0 };
    await pass(2);
    expect(await reports(0)).toHaveLength(1);
    await running.last();
    expect((await reports(0)).at(-1)).toMatchObject({ records: 9, lag: 0, reported_at: '1970-01-01T00:00:03.000Z' });
    await running.last();
    expect(await reports(0)).toHaveLength(2);
  });

  it('come every second from a task that does something, and every fifteen from one that does not', async () => {
    start();
    await pass(1);
    for (let second = 0; second < 4; second++) {
      slots[0]!.task.figures = { ...slots[0]!.task.figures, records: second + 1 };
      await pass(1);
    }
    expect([(await reports(0)).length, (await reports(1)).length]).toEqual([5, 1]);
    slots[1]!.task.figures = { ...slots[1]!.task.figures, lag: 9 };
    await pass(1);
    expect([(await reports(0)).length, (await reports(1)).length]).toEqual([5, 2]);
    await pass(30);
    expect([(await reports(0)).length, (await reports(1)).length]).toEqual([7, 4]);
  });

  it('are not made of a task that may be another instance’s by now', async () => {
    slots[0]!.isInDoubt = true;
    start();
    await pass(20);
    expect([(await reports(0)).length, (await reports(1)).length]).toEqual([0, 2]);
    slots[0]!.isInDoubt = false;
    await pass(1);
    expect(await reports(0)).toHaveLength(1);
  });

  it('end when they are unsubscribed from', async () => {
    const reporting = start();
    await pass(1);
    reporting.unsubscribe();
    slots[0]!.task.figures = { ...slots[0]!.task.figures, records: 5 };
    await pass(20);
    expect(await reports(0)).toHaveLength(1);
  });

  it('that fail are told, and tried again', async () => {
    const working = log;
    let isFull = true;
    log = { ...working, append: (all) => (isFull ? Promise.reject(new Error('no')) : working.append(all)) };
    start();
    await pass(1);
    expect(failures).toEqual([new Error('no')]);
    isFull = false;
    await pass(15);
    expect(await reports(0)).toHaveLength(1);
  });
});

describe('what a stage has consumed', () => {
  const at = { topic: names.partials, partition: 1 };
  const start = () => {
    clock.maxFrames = clock.frame = 0;
    return purgeConsumed(log, 'maintain', lookedAt, clock, (error) => failures.push(error));
  };
  beforeEach(() =>
    log.append(Array.from({ length: 10 }, () => ({ ...at, key: null, value: 'partial' }))).then(() => undefined),
  );

  it('is given up every few seconds below the committed position, and nothing else', async () => {
    slots.push({ ...slots[1]!, stage: 'combine', task: { ...slots[1]!.task, committed: 9, key: 'combine' } });
    start();
    slots[1]!.task.committed = 4;
    await pass(4);
    expect(await log.bounds(at)).toEqual({ start: 0, end: 10 });
    await pass(1);
    expect(await log.bounds(at)).toEqual({ start: 4, end: 10 });
    slots[1]!.task.committed = 7;
    await pass(5);
    expect(await log.bounds(at)).toEqual({ start: 7, end: 10 });
    expect(await log.bounds({ ...at, partition: 0 })).toEqual({ start: 0, end: 0 });
  });

  it('is purged once, not again and again', async () => {
    const purges: number[] = [];
    const working = log;
    log = { ...working, purge: (of, before) => (purges.push(before), working.purge(of, before)) };
    start();
    slots[1]!.task.committed = 4;
    await pass(30);
    expect(purges).toEqual([4]);
  });

  it('stays when it is unsubscribed from', async () => {
    const purging = start();
    purging.unsubscribe();
    slots[1]!.task.committed = 4;
    await pass(10);
    expect(await log.bounds(at)).toEqual({ start: 0, end: 10 });
  });

  it('tells of a failure, and tries again', async () => {
    start();
    slots[1]!.task.committed = 99;
    await pass(5);
    expect(failures).toEqual([expect.objectContaining({ code: 'offset-out-of-range' })]);
    slots[1]!.task.committed = 10;
    await pass(5);
    expect(await log.bounds(at)).toEqual({ start: 10, end: 10 });
  });
});
