import { asapScheduler, type SchedulerLike, VirtualTimeScheduler } from 'rxjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { sleepOn } from '../../../src/streams/clock/sleep.ts';

let clock: VirtualTimeScheduler;
beforeEach(() => {
  clock = new VirtualTimeScheduler();
});

/** Lets promises settle. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function isDone(sleeping: Promise<void>): Promise<boolean> {
  let done = false;
  void sleeping.then(() => (done = true));
  await turn();
  return done;
}

describe('sleeping', () => {
  it('lasts as long as it should in the time of the scheduler', async () => {
    const sleeping = sleepOn(clock)(100);
    clock.maxFrames = 99;
    clock.flush();
    expect(await isDone(sleeping)).toBe(false);
    clock.maxFrames = 100;
    clock.flush();
    expect(await isDone(sleeping)).toBe(true);
  });

  it.each([2 ** 31 - 2, 2 ** 31 - 1, 2 ** 31, 2 * (2 ** 31 - 1), 5.5 * 2 ** 31])(
    'lasts %d ms in timers that Node can hold',
    async (ms) => {
      const naps: number[] = [];
      const atOnce: SchedulerLike = {
        now: () => 0,
        schedule(work, delay = 0) {
          naps.push(delay);
          return asapScheduler.schedule(work as () => void);
        },
      };
      await sleepOn(atOnce)(ms);
      expect(naps.reduce((sum, nap) => sum + nap, 0)).toBe(ms);
      expect(Math.max(...naps)).toBeLessThan(2 ** 31);
    },
  );

  it('ends at once when the signal aborts, and leaves no timer behind', async () => {
    const stopping = new AbortController();
    const sleeping = sleepOn(clock)(100, stopping.signal);
    expect(await isDone(sleeping)).toBe(false);
    stopping.abort();
    expect(await isDone(sleeping)).toBe(true);
    expect(clock.actions.filter(({ closed }) => !closed)).toEqual([]);
  });

  it('does not begin where the signal has aborted', async () => {
    expect(await isDone(sleepOn(clock)(100, AbortSignal.abort()))).toBe(true);
    expect(clock.actions).toEqual([]);
  });

  it('takes its ear off the signal when it is over', async () => {
    const { signal } = new AbortController();
    const heard: string[] = [];
    signal.addEventListener = (type: string) => void heard.push(`on ${type}`);
    signal.removeEventListener = (type: string) => void heard.push(`off ${type}`);
    const sleeping = sleepOn(clock)(5, signal);
    clock.flush();
    expect(await isDone(sleeping)).toBe(true);
    expect(heard).toEqual(['on abort', 'off abort']);
  });
});
