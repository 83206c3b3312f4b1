import type { SchedulerLike } from 'rxjs';
import { type ClusterMetadata, readMetadata } from '../cluster-metadata.ts';
import { KafkaClient, type KafkaSettings } from '../kafka-client.ts';
import { kafkaFailure } from '../kafka-errors.ts';

/** The cluster with all its brokers and topics, as one of its brokers knows it. Rejects as a log's opening does. */
export async function describeCluster(settings: KafkaSettings, time: SchedulerLike): Promise<ClusterMetadata> {
  const cluster = new KafkaClient(settings, time).cluster();
  try {
    return await readMetadata(cluster, 'all');
  } catch (error) {
    throw kafkaFailure(error, `the brokers ${settings.brokers.join(', ')}`);
  } finally {
    await cluster.disconnect().catch(() => undefined);
  }
}
