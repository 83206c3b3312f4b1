import { type KafkaSettings, KafkaClient } from '../kafka-client.ts';
import type { SchedulerLike } from 'rxjs';
import { kafkaFailure } from '../kafka-errors.ts';
import { PulseError } from '../../../../errors.ts';
import { type VersionMismatch, versionMismatches } from './needed-apis.ts';

/** What became of a connection to one address. */
export type Reached =
  | { readonly kind: 'answers'; readonly address: string; readonly mismatches: readonly VersionMismatch[] }
  | { readonly kind: 'fails'; readonly address: string; readonly error: PulseError };

/** Connects to each of the named brokers by itself, as the settings say (TLS, SASL), and asks for its versions. */
export const reachBrokers = (settings: KafkaSettings, time: SchedulerLike): Promise<readonly Reached[]> =>
  Promise.all(settings.brokers.map((address) => reach({ ...settings, brokers: [address] }, address, time)));

async function reach(settings: KafkaSettings, address: string, time: SchedulerLike): Promise<Reached> {
  const cluster = new KafkaClient(settings, time).cluster({ retries: 1 });
  try {
    await cluster.connect();
    const offers = cluster.brokerPool.versions ?? {};
    // It takes connections, and tells no version of anything: no broker, however old, does that.
    if (Object.keys(offers).length === 0) throw notKafka(address);
    return { kind: 'answers', address, mismatches: versionMismatches(offers) };
  } catch (error) {
    return { kind: 'fails', address, error: kafkaFailure(error, `the broker ${address}`) };
  } finally {
    await cluster.disconnect().catch(() => undefined);
  }
}

const notKafka = (address: string): PulseError =>
  new PulseError(
    'log-refused',
    `what listens at ${address} does not speak Kafka's protocol: set KAFKA_BROKERS to the addresses of brokers`,
  );
