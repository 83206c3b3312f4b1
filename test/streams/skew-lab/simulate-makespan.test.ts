import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MeasuredStep, simulateMakespan } from '../../../src/streams/skew-lab/simulate-makespan.ts';

const home = (busyMs: number, task: number): MeasuredStep => ({ task, kind: 'home', busyMs });

/** The shortest makespan of all ways to share the steps out. */
function best(costs: readonly number[], executors: number): number {
  const place = (at: number, loads: readonly number[]): number => {
    const cost = costs[at];
    if (cost === undefined) return Math.max(...loads);
    return Math.min(
      ...loads.map((_, to) =>
        place(
          at + 1,
          loads.map((load, each) => (each === to ? load + cost : load)),
        ),
      ),
    );
  };
  return place(
    0,
    Array.from({ length: executors }, () => 0),
  );
}

const costs = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 7 });

describe('the simulated makespan', () => {
  it('lies between the best there is and 4/3 − 1/3m of it', () => {
    fc.assert(
      fc.property(costs, fc.integer({ min: 1, max: 3 }), (busy, executors) => {
        const found = simulateMakespan(busy.map(home), executors);
        const shortest = best(busy, executors);
        expect(found).toBeGreaterThanOrEqual(shortest);
        expect(found).toBeLessThanOrEqual((4 / 3 - 1 / (3 * executors)) * shortest + 1e-9);
      }),
    );
  });

  it('is all of the work for one executor, and the longest task for as many as there are tasks', () => {
    expect(simulateMakespan([5, 3, 9].map(home), 1)).toBe(17);
    expect(simulateMakespan([5, 3, 9].map(home), 3)).toBe(9);
    expect(simulateMakespan([5, 3, 9].map(home), 30)).toBe(9);
    expect(simulateMakespan([], 2)).toBe(0);
  });

  it('lets a task do one thing at a time', () => {
    const steps: readonly MeasuredStep[] = [home(4, 0), { task: 0, kind: 'received', busyMs: 6 }, home(3, 1)];
    expect(simulateMakespan(steps, 3)).toBe(10);
  });

  it('lets nobody work on what was forwarded before all of it is, and others go on meanwhile', () => {
    const steps: readonly MeasuredStep[] = [
      { task: 0, kind: 'forward', busyMs: 5 },
      home(2, 0),
      home(3, 1),
      { task: 1, kind: 'received', busyMs: 4 },
      { task: 2, kind: 'received', busyMs: 4 },
    ];
    // 0: forward ─────► home ─►   1: home ──►  …  received ───►   2: received ───► from 5 on
    expect(simulateMakespan(steps, 3)).toBe(9);
    expect(simulateMakespan(steps, 1)).toBe(18);
  });
});
