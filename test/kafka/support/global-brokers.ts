import type { TestProject } from 'vitest/node';
import { startBrokers } from './brokers.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Brokers that every test of the suite may use, each with topics of its own. */
    kafkaBrokers: readonly string[];
  }
}

/** Before a suite: starts a broker, or takes those that `PULSE_TEST_BROKERS` names, separated by commas. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env['PULSE_TEST_BROKERS'];
  if (given !== undefined && given !== '') {
    project.provide('kafkaBrokers', given.split(','));
    return undefined;
  }
  const cluster = await startBrokers({ nodes: 1 });
  project.provide('kafkaBrokers', cluster.brokers);
  return () => cluster.stop();
}
