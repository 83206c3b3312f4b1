import { describe, expect, it } from 'vitest';
import type { LabReport } from '../../src/streams/skew-lab/lab-report.ts';
import { expectFailure } from '../support/expect-failure.ts';
import { pulse } from '../support/pulse.ts';

const small = ['skew-lab', '--records', '3000', '--keys', '30', '--waves', '6', '--work', '5', '--workers', '2'];

/** A misuse of each kind. */
const wrong: readonly (readonly [args: readonly string[], why: RegExp])[] = [
  [['--strategy', 'clever'], /Allowed choices are naive, salted, adaptive, all; see pulse skew-lab --help/],
  [['--workload', 'sort'], /Allowed choices are aggregate, join;/],
  [['--records', '0'], /--records <number>' argument '0' is invalid/],
  [['--hot-share', '1.1'], /Wanted is a share from 0 to 1;/],
  [['--exponent', '-1'], /Wanted is a number of 0 or more;/],
  [['--tasks', '257'], /from 1 to 256;/],
  [['--workers', '0'], /from 1 to 64;/],
  [['--exponent', '1', '--hot-share', '0.5'], /give one of them/],
];

describe('pulse skew-lab', () => {
  it('refuses wrong usage with one line and 2', async () => {
    for (const [args, why] of wrong) expectFailure(await pulse(['skew-lab', ...args]), 2, why);
  }, 60_000);

  it('runs every strategy on threads, and prints all that was measured as JSON', async () => {
    const ended = await pulse([...small, '--hot-share', '0.9', '--workload', 'join', '--json']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const report = JSON.parse(ended.stdout) as LabReport;
    expect(report.isIdentical).toBe(true);
    expect(report.machine.workers).toBe(2);
    expect(report.strategies.map(({ strategy }) => strategy)).toEqual(['naive', 'salted', 'adaptive']);
    expect(new Set(report.strategies.map(({ hash }) => hash)).size).toBe(1);
    for (const { tasks, busy, makespan } of report.strategies) {
      expect(tasks.reduce((sum, { records }) => sum + records, 0)).toBe(3_000);
      expect(tasks.every(({ busyMsByWave }) => busyMsByWave.length === 6)).toBe(true);
      // Processor time of two threads: no more than both had.
      expect(busy.mean * 8).toBeLessThan(2 * makespan.measuredMs);
      expect(busy.mean).toBeGreaterThan(0);
      expect(makespan.simulatedFromMeasuredCosts.map(({ executors }) => executors)).toEqual([2, 8]);
    }
  }, 60_000);

  it('prints a table for people, of the strategies that were asked for', async () => {
    const ended = await pulse([...small, '--strategy', 'salted', '--executors', '3']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/3,000 quotes of \d+ bytes, 30 keys, Zipf 1.5; aggregate, 8 tasks, 6 waves, seed 1/);
    expect(ended.stdout).toMatch(/max\/median of the tasks’ busy time +\d+\.\d\d\n/);
    expect(ended.stdout).toMatch(/makespan, ms, 3 executors, +\d+\n {2}simulated from measured costs/);
    expect(ended.stdout).not.toContain('adaptive');
    expect(ended.stdout).toContain('The results are identical.');
  }, 60_000);
});
