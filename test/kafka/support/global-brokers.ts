import type { TestProject } from 'vitest/node';
import { type BrokerKind, brokerKind } from './broker-kind.ts';
import { startBrokers } from './brokers.ts';
import { startContainer } from './container-broker.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Brokers that every test of the suite may use, each with topics of its own. */
    kafkaBrokers: readonly string[];
    kafkaBrokerKind: BrokerKind;
  }
}

/** Before a suite: takes or starts the broker that {@link brokerKind} chooses, and says in a line which one it is. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const kind = await brokerKind();
  const { brokers, what, stop } = await start[kind]();
  process.stdout.write(`These tests run on ${what}: ${brokers.join()}\n`);
  project.provide('kafkaBrokers', brokers);
  project.provide('kafkaBrokerKind', kind);
  return stop;
}

interface Started {
  readonly brokers: readonly string[];
  /** In words. */
  readonly what: string;
  readonly stop: () => Promise<void>;
}

const start: Readonly<Record<BrokerKind, () => Promise<Started>>> = {
  given: async () => ({
    brokers: (process.env['PULSE_TEST_BROKERS'] ?? '').split(','),
    what: 'the brokers of PULSE_TEST_BROKERS',
    stop: async () => undefined,
  }),
  async container() {
    const { image, ...broker } = await startContainer().catch((cause: unknown) => {
      const message = 'No container with Kafka starts. PULSE_TEST_KAFKA=script does without.';
      throw new Error(message, { cause });
    });
    return { ...broker, what: `a container of ${image}` };
  },
  async script() {
    const cluster = await startBrokers({ nodes: 1 });
    return { brokers: cluster.brokers, what: 'the broker of infra/kafka.sh', stop: () => cluster.stop() };
  },
};
