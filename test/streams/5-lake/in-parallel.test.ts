import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inParallel } from '../../../src/streams/5-lake/in-parallel.ts';

describe('work in parallel', () => {
  it('keeps to its number, and to the order of the items', async () => {
    let [now, most] = [0, 0];
    const results = await inParallel([3, 1, 2, 0, 4], 2, async (item) => {
      most = Math.max(most, ++now);
      await sleep(item);
      now--;
      return item * 10;
    });
    expect(results).toEqual([30, 10, 20, 0, 40]);
    expect(most).toBe(2);
  });

  it('begins no more once one has failed, and rejects when all of it has ended', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const work = inParallel([0, 1, 2, 3], 2, async (item) => {
      begun.push(item);
      await sleep(item === 0 ? 1 : 30);
      ended.push(item);
      if (item === 0) throw new Error('no room');
    });
    await expect(work).rejects.toThrow('no room');
    expect(begun).toEqual([0, 1]);
    expect(ended).toEqual([0, 1]);
  });
});
