import { engineAnswers } from './container-broker.ts';

const kinds = ['given', 'container', 'script'] as const;

/** What a suite's broker is: named by `PULSE_TEST_BROKERS`, a container of testcontainers, or of infra/kafka.sh. */
export type BrokerKind = (typeof kinds)[number];

/**
 * The kind that `PULSE_TEST_KAFKA` demands; or else brokers that are named, a container where a Docker engine answers, and
 * the script's broker where none does.
 */
export async function brokerKind(): Promise<BrokerKind> {
  const demanded = process.env['PULSE_TEST_KAFKA'] ?? '';
  if (demanded === '') return chosen();
  const kind = kinds.find((one) => one === demanded);
  if (kind === undefined) throw new Error(`PULSE_TEST_KAFKA is ${demanded}; it may be ${kinds.join(', ')}.`);
  return kind;
}

async function chosen(): Promise<BrokerKind> {
  if ((process.env['PULSE_TEST_BROKERS'] ?? '') !== '') return 'given';
  return (await engineAnswers()) ? 'container' : 'script';
}
