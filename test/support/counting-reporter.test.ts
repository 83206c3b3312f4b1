import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type CountedModule, CountingReporter, countTests } from './counting-reporter.ts';

const module = (states: readonly string[], ownErrors = 0, suiteErrors: readonly number[] = []): CountedModule => ({
  errors: () => Array.from({ length: ownErrors }, () => 'an error'),
  children: {
    allTests: () => states.map((state) => ({ result: () => ({ state }) })),
    allSuites: () => suiteErrors.map((length) => ({ errors: () => Array.from({ length }, () => 'an error') })),
  },
});

describe('counting the tests of a run', () => {
  it('adds up what passed and what failed over all files', () => {
    expect(countTests([module(['passed', 'failed', 'passed']), module(['passed'])], 0)).toEqual({
      passed: 3,
      failed: 1,
    });
  });

  it('counts a file that did not load as one failure', () => {
    expect(countTests([module([], 1)], 0)).toEqual({ passed: 0, failed: 1 });
  });

  it('counts a suite whose hook threw as one failure, and its skipped tests as neither', () => {
    expect(countTests([module(['skipped', 'skipped', 'passed'], 0, [1, 0])], 0)).toEqual({ passed: 1, failed: 1 });
  });

  it('counts an error outside every test as a failure', () => {
    expect(countTests([module(['passed'])], 2)).toEqual({ passed: 1, failed: 2 });
  });
});

describe('the reporter', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pulse-counts-'));
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });

  it('prints the counts as a line, and leaves them as JSON in the folder that PULSE_TEST_COUNTS names', () => {
    vi.stubEnv('PULSE_TEST_COUNTS', folder);
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    new CountingReporter().onTestRunEnd([module(['passed', 'failed'])], []);
    expect(write.mock.calls).toEqual([['1 passed, 1 failed\n']]);
    const files = readdirSync(folder);
    expect(files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown)).toEqual([
      { passed: 1, failed: 1 },
    ]);
  });
});
