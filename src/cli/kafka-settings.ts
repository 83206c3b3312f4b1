import type { Config } from '../config.ts';
import { PulseError } from '../errors.ts';
import type { KafkaSettings } from '../streams/log/kafka/kafka-client.ts';

/** The settings and secrets of a cluster, as the adapter takes them. Throws `settings` where a secret is missing. */
export function kafkaSettings({ settings, secrets }: Config): KafkaSettings {
  const { brokers, tls, sasl, compression, replication_factor } = settings.kafka;
  const { kafkaUsername: username, kafkaPassword: password } = secrets;
  if (sasl !== null && (username === undefined || password === undefined))
    throw new PulseError('settings', `kafka.sasl is ${sasl}: set KAFKA_USERNAME and KAFKA_PASSWORD`);
  return {
    ...{ brokers, tls, codec: compression },
    ...(replication_factor !== null && { replicationFactor: replication_factor }),
    ...(sasl !== null && { sasl: { mechanism: sasl, username: username ?? '', password: password ?? '' } }),
  };
}
