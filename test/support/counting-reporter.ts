import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter } from 'vitest/node';

/** What a run came to. A failure is also what never became a test: a file that failed to load, a hook, a stray error. */
export interface TestCounts {
  readonly passed: number;
  /** How each failure presents itself: where it was, and what the first error says. */
  readonly failures: readonly string[];
}

type Errors = readonly { readonly message: string }[];

/** What can have errors of its own: a file that did not load, or a suite whose hook threw. */
interface Part {
  errors(): Errors;
}

/** As much of vitest's `TestModule` as is counted. */
export interface CountedModule extends Part {
  readonly relativeModuleId: string;
  readonly children: {
    allTests(): Iterable<{
      readonly fullName: string;
      result(): { readonly state: string; readonly errors?: Errors | undefined };
    }>;
    allSuites(): Iterable<Part & { readonly fullName: string }>;
  };
}

/**
 * Prints `N passed, N failed` as the run's last line. Where `PULSE_TEST_COUNTS` names a folder, also leaves the counts
 * there as JSON, one file a run, so that a script can add several suites up and say at its end what failed.
 */
export class CountingReporter implements Reporter {
  onTestRunEnd(modules: readonly CountedModule[], unhandledErrors: Errors): void {
    const counts = countTests(modules, unhandledErrors);
    const folder = process.env['PULSE_TEST_COUNTS'];
    if (folder !== undefined && folder !== '') leaveCounts(folder, counts);
    process.stdout.write(`${counts.passed} passed, ${counts.failures.length} failed\n`);
  }
}

/** Adds up the tests of the modules, and the errors that belong to none. */
export function countTests(modules: readonly CountedModule[], strayErrors: Errors): TestCounts {
  let passed = 0;
  const failures = strayErrors.map((error) => failure('outside every test', [error]));
  for (const module of modules) {
    const file = module.relativeModuleId;
    if (module.errors().length > 0) failures.push(failure(file, module.errors()));
    for (const suite of module.children.allSuites()) {
      if (suite.errors().length > 0) failures.push(failure(`${file} > ${suite.fullName}`, suite.errors()));
    }
    for (const test of module.children.allTests()) {
      const { state, errors = [] } = test.result();
      if (state === 'passed') passed += 1;
      else if (state === 'failed') failures.push(failure(`${file} > ${test.fullName}`, errors));
    }
  }
  return { passed, failures };
}

const failure = (where: string, errors: Errors): string => `${where}: ${errors[0]?.message ?? 'no error'}`;

function leaveCounts(folder: string, counts: TestCounts): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${process.pid}.json`), `${JSON.stringify(counts)}\n`);
}
