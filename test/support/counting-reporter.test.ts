import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type CountedModule, CountingReporter, countTests } from './counting-reporter.ts';

const errors = (...messages: readonly string[]) => messages.map((message) => ({ message }));

const module = (
  states: readonly string[],
  own: readonly string[] = [],
  suites: readonly (readonly string[])[] = [],
): CountedModule => ({
  relativeModuleId: 'test/a.test.ts',
  errors: () => errors(...own),
  children: {
    allTests: () =>
      states.map((state, at) => ({
        fullName: `law ${at} holds`,
        result: () => ({ state, errors: state === 'failed' ? errors(`${at} is not 1`, 'and more') : undefined }),
      })),
    allSuites: () => suites.map((messages, at) => ({ fullName: `suite ${at}`, errors: () => errors(...messages) })),
  },
});

describe('counting the tests of a run', () => {
  it('adds up what passed over all files, and says of what failed where it was and its first error', () => {
    expect(countTests([module(['passed', 'failed', 'passed']), module(['passed'])], [])).toEqual({
      passed: 3,
      failures: ['test/a.test.ts > law 1 holds: 1 is not 1'],
    });
  });

  it('counts a file that did not load as one failure', () => {
    expect(countTests([module([], ['no such module', 'again'])], [])).toEqual({
      passed: 0,
      failures: ['test/a.test.ts: no such module'],
    });
  });

  it('counts a suite whose hook threw as one failure, and its skipped tests as neither', () => {
    expect(countTests([module(['skipped', 'skipped', 'passed'], [], [['no broker'], []])], [])).toEqual({
      passed: 1,
      failures: ['test/a.test.ts > suite 0: no broker'],
    });
  });

  it('counts each error outside every test as a failure', () => {
    expect(countTests([module(['passed'])], errors('torn', 'lost'))).toEqual({
      passed: 1,
      failures: ['outside every test: torn', 'outside every test: lost'],
    });
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
      { passed: 1, failures: ['test/a.test.ts > law 1 holds: 1 is not 1'] },
    ]);
  });
});
