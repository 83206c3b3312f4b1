import type Cluster from 'kafkajs/src/cluster/index.js';
import type { ConnectedBroker } from 'kafkajs/src/cluster/index.js';
import createRequest from 'kafkajs/src/protocol/requests/metadata/v6/request.js';
import { decode, parse } from 'kafkajs/src/protocol/requests/metadata/v6/response.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';

/**
 * Makes a cluster that was given no topics yet learn its brokers alone. kafkajs would ask about every topic there is, and
 * fail where any of them has no leader: a producer that looks for its coordinator would be stopped by a topic that is
 * none of its own.
 *
 * Source: Kafka's Metadata request; since version 1, null stands for all topics, and an empty array for none.
 */
export function learnBrokersAlone(cluster: Cluster): Cluster {
  const { createBroker } = cluster.brokerPool;
  cluster.brokerPool.createBroker = (options) => {
    const broker = createBroker(options);
    const ask = broker.metadata.bind(broker);
    broker.metadata = async (topics) => (topics.length > 0 ? ask(topics) : brokersFrom(broker));
    return broker;
  };
  return cluster;
}

function brokersFrom({ connectionPool }: ConnectedBroker): Promise<unknown> {
  const request = {
    ...createRequest({ topics: [], allowAutoTopicCreation: false }),
    encode: async () => new Encoder().writeInt32(0).writeBoolean(false),
  };
  return connectionPool.send({ request, response: { decode, parse } });
}
