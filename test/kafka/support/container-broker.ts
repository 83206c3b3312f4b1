import { KafkaContainer } from '@testcontainers/kafka';
import { getContainerRuntimeClient, Wait } from 'testcontainers';

/** A broker in a container. */
export interface ContainerBroker {
  readonly brokers: readonly string[];
  readonly image: string;
  stop(): Promise<void>;
}

/** Confluent's, where none is named; infra/docker/image.sh builds one where none can be pulled. */
const DEFAULT_IMAGE = 'confluentinc/cp-kafka:8.1.0';
const PORT = 9093;
/** Two cold JVMs on a busy machine: one formats the storage, one is the broker. */
const STARTUP_MS = 240_000;

/** Whether a Docker engine answers, found as testcontainers finds it. */
export const engineAnswers = (): Promise<boolean> =>
  getContainerRuntimeClient().then(
    () => true,
    () => false,
  );

/**
 * Starts testcontainers' KafkaContainer, with its own settings: topics come into being when they are named, groups have one
 * partition of offsets. `PULSE_TEST_KAFKA_IMAGE` names the image.
 */
export async function startContainer(): Promise<ContainerBroker> {
  const image = process.env['PULSE_TEST_KAFKA_IMAGE'] ?? DEFAULT_IMAGE;
  const container = await new KafkaContainer(image)
    .withKraft()
    .withEnvironment({
      // Of one broker three replicas can't be had, and what a dead instance has left open is given up in a second.
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS: '1000',
    })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/).withStartupTimeout(STARTUP_MS))
    .start();
  return {
    brokers: [`${container.getHost()}:${container.getMappedPort(PORT)}`],
    image,
    stop: async () => void (await container.stop()),
  };
}
