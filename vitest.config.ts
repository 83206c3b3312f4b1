import { defineConfig } from 'vitest/config';
import { CountingReporter } from './test/support/counting-reporter.ts';

/** Times to wait and to run end only what hangs: the machines are shared, and how fast something is says a benchmark. */
const shared = {
  expect: { poll: { timeout: 30_000 } },
  globalSetup: ['test/support/property-seed.global.ts'],
  setupFiles: ['test/support/property-seed.setup.ts'],
};

/**
 * The suites, each a project and a command of its own: only `unit` needs nothing but Node. Those on brokers run two files at
 * a time, as it does: they wait more than they work, and no file touches what another one's namespace holds. Where processes
 * are killed and sessions run out, a file has the machine to itself.
 */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default', new CountingReporter()],
    projects: [
      {
        extends: true,
        test: {
          ...shared,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{e2e,faults,kafka,lake,bench}/**'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: 'kafka',
          include: ['test/kafka/**/*.test.ts'],
          exclude: ['test/kafka/replay/**'],
          globalSetup: [...shared.globalSetup, 'test/kafka/support/global-brokers.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: 'kafka-replay',
          include: ['test/kafka/replay/**/*.test.ts'],
          globalSetup: [...shared.globalSetup, 'test/kafka/support/global-brokers.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: 'lake',
          include: ['test/lake/**/*.test.ts'],
          globalSetup: [...shared.globalSetup, 'test/lake/support/global-python.ts'],
          testTimeout: 900_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          exclude: ['test/faults/kafka/**'],
          testTimeout: 600_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: 'kafka-faults',
          include: ['test/faults/kafka/**/*.test.ts'],
          globalSetup: [...shared.globalSetup, 'test/kafka/support/global-brokers.ts'],
          testTimeout: 600_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
