import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LabReport } from '../../src/streams/skew-lab/lab-report.ts';
import { LabFolder } from '../../src/web/server/skew/lab-folder.ts';
import { expectFailure } from '../support/expect-failure.ts';
import { pulse, temporaryFolder } from '../support/pulse.ts';

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
  });

  it('runs every strategy on threads, and prints all that was measured as JSON', async () => {
    const data = temporaryFolder();
    const asked = [...small, '--hot-share', '0.9', '--workload', 'join', '--json'];
    const ended = await pulse(asked, { PULSE_DATA_DIR: data, PULSE_NAMESPACE: 'any' });
    expect(ended.code).toBe(0);
    const report = JSON.parse(ended.stdout) as LabReport;
    // The page has the same, and no other file is left.
    const folder = new LabFolder(join(data, 'skew-lab'));
    const [run] = await folder.runs();
    expect(readdirSync(join(data, 'skew-lab'))).toEqual([run?.id]);
    expect(ended.stderr).toBe(`the page shows it as well, on Skew: ${join(data, 'skew-lab', run?.id ?? '')}\n`);
    expect(await folder.report(run?.id ?? '')).toEqual(report);
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
  });

  it('prints a table for people, of the strategies that were asked for', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const ended = await pulse([...small, '--strategy', 'salted', '--executors', '3'], { PULSE_DATA_DIR: file });
    expect(ended.code).toBe(0);
    // It has nowhere to be kept: that is said, and what was measured is told all the same.
    expect(ended.stderr).toMatch(/^the report can't be kept in \S+ for the page: .*\n$/);
    expect(ended.stdout).toMatch(/3,000 quotes of \d+ bytes, 30 keys, Zipf 1.5; aggregate, 8 tasks, 6 waves, seed 1/);
    expect(ended.stdout).toMatch(/max\/median of the tasks’ busy time +\d+\.\d\d\n/);
    expect(ended.stdout).toMatch(/makespan, ms, 3 executors, +\d+\n {2}simulated from measured costs/);
    expect(ended.stdout).not.toContain('adaptive');
    expect(ended.stdout).toContain('The results are identical.');
  });

  it('says in the table what adaptive has decided, and by which numbers', async () => {
    const asked = [...small, '--strategy', 'adaptive', '--hot-share', '0.9', '--work', '60'];
    const { code, stdout } = await pulse(asked, { PULSE_DATA_DIR: temporaryFolder() });
    expect(code).toBe(0);
    expect(stdout).toMatch(/\n {2}after wave \d: salt \(1 key; max\/median (∞|\d+\.\d\d) → 1\.\d\d predicted\)\n/);
    expect(stdout).toMatch(/\n {2}simulated-coin-0001: from task \d to 8 tasks\n/);
  });
});
