import { describe, expect, it } from 'vitest';
import { type SchedulerLike, Subscription, VirtualTimeScheduler } from 'rxjs';
import { Flusher } from '../../../src/web/server/flusher.ts';

/** When it flushes, if it is asked at those times; `keysAt` says how much a flush at that time finds. */
function flushesAt(asked: readonly number[], keysAt: (at: number) => number, burst = 1): readonly number[] {
  const time = new VirtualTimeScheduler();
  const at: number[] = [];
  const flusher = new Flusher(
    time,
    { everyMs: 100, keyMs: 1, slowestMs: 250, burst, quietMs: 10, gatherMs: 30 },
    () => {
      at.push(time.now());
      return keysAt(time.now());
    },
  );
  for (const ms of asked) time.schedule(() => flusher.request(), ms);
  time.flush();
  return at;
}

describe('flushes', () => {
  it('gather what comes on the heels of a request, for a while, and come never without one', () => {
    expect(flushesAt([], () => 1)).toEqual([]);
    expect(flushesAt([5], () => 1)).toEqual([15]);
    expect(flushesAt([5, 14, 22], () => 1)).toEqual([32]);
    expect(flushesAt([5, 14, 22, 30, 34], () => 1)).toEqual([35]);
  });

  it('are as far apart as the pace demands', () => {
    expect(flushesAt([0, 30, 60, 105, 300], () => 1)).toEqual([10, 110, 310]);
    expect(flushesAt([0, 30, 60, 300], () => 1)).toEqual([10, 110, 310]);
  });

  it('are the further apart the more they tell, up to a bound', () => {
    expect(flushesAt([0, 30, 200], () => 150)).toEqual([10, 160, 310]);
    expect(flushesAt([0, 30, 300], () => 9000)).toEqual([10, 260, 510]);
  });

  it('may follow each other after a rest, and come no oftener for it', () => {
    expect(flushesAt([0, 30, 60, 600, 630], () => 1, 2)).toEqual([10, 40, 110, 610, 640]);
    const asked = Array.from({ length: 1000 }, (_, i) => i * 10);
    // Two at once, then one each tenth of the ten seconds, and the one that the last request waits for.
    expect(flushesAt(asked, () => 1, 2).length).toBeLessThanOrEqual(102);
  });

  it('that a busy loop has made late come at once: a timer takes no time that is past', () => {
    let now = 0;
    const delays: (number | undefined)[] = [];
    const time: SchedulerLike = {
      now: () => now,
      schedule: (_work: unknown, delay?: number) => {
        delays.push(delay);
        return new Subscription();
      },
    };
    const flusher = new Flusher(
      time,
      { everyMs: 100, keyMs: 1, slowestMs: 250, burst: 1, quietMs: 10, gatherMs: 30 },
      () => 1,
    );
    flusher.request();
    now = 37;
    flusher.request();
    expect(delays).toEqual([10, 0]);
  });

  it('that find nothing hold up none that does', () => {
    expect(flushesAt([0, 30, 60, 200], (at) => (at > 30 ? 1 : 0))).toEqual([10, 40, 140, 240]);
  });
});
