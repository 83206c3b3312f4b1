import type Cluster from 'kafkajs/src/cluster/index.js';
import createRequest from 'kafkajs/src/protocol/requests/metadata/v6/request.js';
import { decode } from 'kafkajs/src/protocol/requests/metadata/v6/response.js';

/** A cluster as one of its brokers knows it now. */
export interface ClusterMetadata {
  readonly clusterId: string;
  /** `host:port` of every broker that is up. */
  readonly brokers: readonly string[];
  readonly topics: readonly FoundTopic[];
}

/** A topic that is there, whatever state its partitions are in. */
export interface FoundTopic {
  readonly name: string;
  readonly partitions: readonly FoundPartition[];
}

export interface FoundPartition {
  readonly partition: number;
  readonly hasLeader: boolean;
  readonly replicas: number;
  /** How many of the replicas have what the leader has. */
  readonly inSync: number;
}

/**
 * Asks for the topics, or for all of them; those that are not there are left out. kafkajs would take one partition
 * without a leader for a failure of the whole: here the answer is taken as it is.
 */
export async function readMetadata(cluster: Cluster, topics: readonly string[] | 'all'): Promise<ClusterMetadata> {
  if (!cluster.isConnected()) await cluster.connect();
  const { connectionPool } = await cluster.brokerPool.findConnectedBroker();
  const request = createRequest({ topics: topics === 'all' ? [] : topics, allowAutoTopicCreation: false });
  const found = await connectionPool.send({ request, response: { decode, parse: async (answer) => answer } });
  return {
    clusterId: found.clusterId,
    brokers: found.brokers.map(({ host, port }) => `${host}:${port}`),
    topics: found.topicMetadata
      .filter(({ partitionMetadata }) => partitionMetadata.length > 0)
      .map(({ topic, partitionMetadata }) => ({
        name: topic,
        partitions: partitionMetadata.map(({ partitionId, leader, replicas, isr }) => ({
          ...{ partition: partitionId, hasLeader: leader >= 0 },
          ...{ replicas: replicas.length, inSync: isr.length },
        })),
      })),
  };
}
