import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter } from 'vitest/node';

/** What a run came to. `failed` includes what never became a test: files that failed to load, hooks, stray errors. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
}

/** What can have errors of its own: a file that did not load, or a suite whose hook threw. */
interface Part {
  errors(): readonly unknown[];
}

/** As much of vitest's `TestModule` as is counted. */
export interface CountedModule extends Part {
  readonly children: {
    allTests(): Iterable<{ result(): { readonly state: string } }>;
    allSuites(): Iterable<Part>;
  };
}

/**
 * Prints `N passed, N failed` as the run's last line. Where `PULSE_TEST_COUNTS` names a folder, also leaves the counts
 * there as JSON, one file a run, so that a script can add several suites up.
 */
export class CountingReporter implements Reporter {
  onTestRunEnd(modules: readonly CountedModule[], unhandledErrors: readonly unknown[]): void {
    const counts = countTests(modules, unhandledErrors.length);
    const folder = process.env['PULSE_TEST_COUNTS'];
    if (folder !== undefined && folder !== '') leaveCounts(folder, counts);
    process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
  }
}

/** Adds up the tests of the modules, and the errors that belong to none. */
export function countTests(modules: readonly CountedModule[], strayErrors: number): TestCounts {
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

function brokenParts(module: CountedModule): number {
  return [module, ...module.children.allSuites()].filter((part) => part.errors().length > 0).length;
}

function leaveCounts(folder: string, counts: TestCounts): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${process.pid}.json`), `${JSON.stringify(counts)}\n`);
}
