import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, TestModule, TestSuite } from 'vitest/node';

/** What a run came to. `failed` includes what never became a test: files that failed to load, hooks, stray errors. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Prints `N passed, N failed` as the run's last line. Where `PULSE_TEST_COUNTS` names a folder, also leaves the counts
 * there as JSON, one file a run, so that a script can add several suites up.
 */
export class CountingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = countTests(modules, unhandledErrors.length);
    const folder = process.env['PULSE_TEST_COUNTS'];
    if (folder !== undefined && folder !== '') leaveCounts(folder, counts);
    process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
  }
}

/** Adds up the tests of the modules, and the errors that belong to none. */
export function countTests(modules: readonly TestModule[], strayErrors: number): TestCounts {
  let passed = 0;
  let failed = strayErrors;
  for (const module of modules) {
    failed += brokenParts(module);
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') passed += 1;
      else if (state === 'failed') failed += 1;
    }
  }
  return { passed, failed };
}

/** The module and its suites that have errors of their own: the file did not load, or a hook threw. */
function brokenParts(module: TestModule): number {
  const parts: (TestModule | TestSuite)[] = [module, ...module.children.allSuites()];
  return parts.filter((part) => part.errors().length > 0).length;
}

function leaveCounts(folder: string, counts: TestCounts): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${process.pid}.json`), `${JSON.stringify(counts)}\n`);
}
