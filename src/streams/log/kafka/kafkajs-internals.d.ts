/*
 * What this adapter uses of kafkajs below its documented surface, typed as far as it is used. kafkajs has no consumer
 * that is assigned partitions by hand, and its decoder makes a dozen objects of every record: so records are fetched over
 * its connections (with its metadata, TLS and SASL), and decoded here. The version is pinned for that reason.
 */

declare module 'kafkajs/src/cluster/index.js' {
  import type { DescribeConfigResponse, ISocketFactory, KafkaConfig, ResourceConfigQuery } from 'kafkajs';

  export interface ProtocolRequest<Decoded, Answer> {
    readonly request: unknown;
    readonly response: {
      decode(bytes: Buffer): Promise<Decoded>;
      parse(decoded: Decoded): Promise<Answer>;
    };
    readonly requestTimeout?: number | null;
    readonly logResponseError?: boolean;
  }

  export interface BrokerConnections {
    readonly connectionPool: { send<Decoded, Answer>(request: ProtocolRequest<Decoded, Answer>): Promise<Answer> };
    deleteRecords(request: {
      readonly topics: readonly {
        readonly topic: string;
        readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
      }[];
    }): Promise<unknown>;
    listOffsets(request: {
      readonly isolationLevel: 0 | 1;
      readonly topics: readonly {
        readonly topic: string;
        readonly partitions: readonly { readonly partition: number; readonly timestamp: number }[];
      }[];
    }): Promise<{
      readonly responses: readonly {
        readonly topic: string;
        readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
      }[];
    }>;
  }

  /** A broker that is connected to, which answers any question that is not a partition's leader's alone. */
  export interface ConnectedBroker extends BrokerConnections {
    /** Of the topics; of all where none is named. */
    metadata(topics: readonly string[]): Promise<unknown>;
    describeConfigs(request: {
      readonly resources: readonly ResourceConfigQuery[];
      readonly includeSynonyms: boolean;
    }): Promise<DescribeConfigResponse>;
  }

  export interface TopicMetadata {
    readonly topic: string;
    readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number }[];
  }

  export default class Cluster {
    constructor(
      options: KafkaConfig & {
        readonly logger: unknown;
        readonly socketFactory: ISocketFactory;
        readonly allowAutoTopicCreation: boolean;
        readonly metadataMaxAge: number;
        readonly isolationLevel: 0 | 1;
        readonly enforceRequestTimeout: boolean;
        readonly maxInFlightRequests?: number;
      },
    );
    readonly brokerPool: {
      /** Makes each broker that the pool gets to know, the first included. */
      createBroker: (options: unknown) => ConnectedBroker;
      /** What the first broker that was connected to offers; null before. */
      readonly versions: Readonly<Record<number, { readonly minVersion: number; readonly maxVersion: number }>> | null;
      findConnectedBroker(): Promise<ConnectedBroker>;
    };
    /** As of the last refresh; empty where the topic was not asked about. */
    findTopicPartitionMetadata(topic: string): TopicMetadata['partitionMetadata'];
    /** The topics whose metadata is asked for; a refresh fails where one of them is gone. */
    targetTopics: Set<string>;
    connect(): Promise<void>;
    disconnect(): Promise<void>;
    isConnected(): boolean;
    addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
    refreshMetadata(): Promise<void>;
    findBroker(node: { readonly nodeId: string }): Promise<BrokerConnections>;
    findLeaderForPartitions(topic: string, partitions: readonly number[]): Readonly<Record<string, readonly number[]>>;
  }
}

declare module 'kafkajs-snappy' {
  const snappy: () => unknown;
  export default snappy;
}

declare module 'kafkajs/src/loggers/index.js' {
  const loggers: {
    createLogger(options: { readonly level: number; readonly logCreator: () => () => void }): unknown;
  };
  export default loggers;
}

declare module 'kafkajs/src/network/socketFactory.js' {
  import type { ISocketFactory } from 'kafkajs';

  const socketFactory: () => ISocketFactory;
  export default socketFactory;
}

declare module 'kafkajs/src/admin/index.js' {
  import type { Admin, RetryOptions } from 'kafkajs';
  import type Cluster from 'kafkajs/src/cluster/index.js';

  const createAdmin: (parts: {
    readonly retry: RetryOptions | undefined;
    readonly cluster: Cluster;
    readonly logger: unknown;
  }) => Admin;
  export default createAdmin;
}

declare module 'kafkajs/src/producer/index.js' {
  import type { Producer, ProducerConfig } from 'kafkajs';
  import type Cluster from 'kafkajs/src/cluster/index.js';

  const createProducer: (
    parts: Omit<ProducerConfig, 'metadataMaxAge' | 'allowAutoTopicCreation' | 'maxInFlightRequests'> & {
      readonly cluster: Cluster;
      readonly logger: unknown;
    },
  ) => Producer;
  export default createProducer;
}
