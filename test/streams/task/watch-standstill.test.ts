import { beforeEach, describe, expect, it } from 'vitest';
import type { Log } from '../../../src/streams/log/log.ts';
import type { TaskSlot } from '../../../src/streams/task/task-slot.ts';
import { watchStandstill } from '../../../src/streams/task/watch-standstill.ts';
import { ManualTime } from '../../support/manual-time.ts';

let time: ManualTime;
let end: number;
let restarts: string[];
let failures: unknown[];
let task: { committed: number; isAtWork: boolean };
beforeEach(() => {
  time = new ManualTime();
  end = 0;
  restarts = [];
  failures = [];
  task = { committed: 0, isAtWork: true };
});

const slot = (): TaskSlot =>
  ({ topic: 'in', partition: 0, task, restart: (why: string) => restarts.push(why) }) as unknown as TaskSlot;

function watch(bounds: () => Promise<{ start: number; end: number }> = async () => ({ start: 0, end })): void {
  const only = slot();
  watchStandstill({
    log: { bounds } as unknown as Log,
    slots: () => [only],
    clock: time,
    onFailure: (error) => failures.push(error),
  });
}

/** Lets so many seconds pass, each with what happens in it. */
async function pass(seconds: number, each: () => void = () => undefined): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    each();
    time.advance(1000);
    await new Promise(setImmediate);
  }
}

describe('a task whose position stands still', () => {
  it('is restarted after 30 s in which its input went on, and again if that did not help', async () => {
    watch();
    await pass(40, () => end++);
    expect(restarts).toEqual([
      expect.stringMatching(/^it has stood still at offset 0 for 30 s, and its input ends at/),
    ]);
    await pass(30, () => end++);
    expect(restarts).toHaveLength(2);
  });

  it('is left alone while its input has nothing behind it', async () => {
    watch();
    [end, task.committed] = [7, 7];
    await pass(120);
    expect(restarts).toEqual([]);
  });

  it('is left alone while it moves, however far it is behind', async () => {
    watch();
    end = 1e9;
    await pass(120, () => task.committed++);
    expect(restarts).toEqual([]);
  });

  it('is left alone while it recovers, however long', async () => {
    watch();
    [end, task.isAtWork] = [7, false];
    await pass(120);
    expect(restarts).toEqual([]);
    task.isAtWork = true;
    await pass(29);
    expect(restarts).toEqual([]);
  });

  it('counts from when there was something left to do', async () => {
    watch();
    await pass(300);
    end = 1;
    await pass(29);
    expect(restarts).toEqual([]);
    await pass(10);
    expect(restarts).toHaveLength(1);
  });

  it('is looked at again after its end could not be had', async () => {
    let fails = true;
    watch(async () => {
      if (fails) throw new Error('away');
      return { start: 0, end: 1 };
    });
    await pass(10);
    expect(failures.length).toBeGreaterThan(0);
    fails = false;
    await pass(40);
    expect(restarts).toHaveLength(1);
  });
});
