import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    propertySeed: number;
  }
}

/** Before a suite: chooses the run's seed for property tests, or takes it from `PULSE_TEST_SEED`, and prints it. */
export function setup(project: TestProject): void {
  const given = process.env['PULSE_TEST_SEED'];
  const seed = given === undefined ? Math.floor(Math.random() * 0x7fffffff) : Number(given);
  if (!Number.isInteger(seed)) throw new Error(`PULSE_TEST_SEED must be an integer, not ${given}`);
  project.provide('propertySeed', seed);
  process.stdout.write(`property seed ${seed} (again: PULSE_TEST_SEED=${seed})\n`);
}
