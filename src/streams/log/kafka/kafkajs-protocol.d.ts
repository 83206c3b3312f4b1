/* What this adapter uses of kafkajs's requests and answers, typed as far as it is used: see kafkajs-internals.d.ts. */

declare module 'kafkajs/src/protocol/requests/fetch/v11/request.js' {
  const fetchRequest: (request: {
    readonly replicaId: -1;
    readonly isolationLevel: 0 | 1;
    readonly maxWaitTime: number;
    readonly minBytes: number;
    readonly maxBytes: number;
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly {
        readonly partition: number;
        readonly fetchOffset: string;
        readonly maxBytes: number;
      }[];
    }[];
  }) => unknown;
  export default fetchRequest;
}

declare module 'kafkajs/src/protocol/requests/metadata/v6/request.js' {
  /** `topics`: none for all. */
  const metadataRequest: (request: {
    readonly topics: readonly string[];
    readonly allowAutoTopicCreation: boolean;
  }) => Readonly<Record<string, unknown>>;
  export default metadataRequest;
}

declare module 'kafkajs/src/protocol/encoder.js' {
  export default class Encoder {
    writeInt32(value: number): this;
    writeBoolean(value: boolean): this;
    writeUVarInt(value: number): this;
    writeUVarIntString(value: string): this;
    writeBuffer(value: Buffer): this;
  }
}

declare module 'kafkajs/src/protocol/decoder.js' {
  export default class Decoder {
    constructor(bytes: Buffer);
    readInt8(): number;
    readInt16(): number;
    readInt32(): number;
    readInt64(): bigint;
    readString(): string;
    readArray<Item>(read: (decoder: this) => Item): Item[];
    readUVarInt(): number;
    readUVarIntString(): string | null;
    readBytes(length: number): Buffer;
  }
}

declare module 'kafkajs/src/protocol/requests/metadata/v6/response.js' {
  /** What was decoded; throws where a topic of it is not as it should be. */
  export const parse: <Decoded>(decoded: Decoded) => Promise<Decoded>;
  export const decode: (bytes: Buffer) => Promise<{
    readonly clusterId: string;
    readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[];
    readonly topicMetadata: readonly {
      readonly topic: string;
      readonly partitionMetadata: readonly {
        readonly partitionId: number;
        /** -1: none. */
        readonly leader: number;
        readonly replicas: readonly number[];
        readonly isr: readonly number[];
      }[];
    }[];
  }>;
}

declare module 'kafkajs/src/protocol/requests/index.js' {
  export const requests: Readonly<Record<string, { readonly versions: readonly (string | number)[] }>>;
}

declare module 'kafkajs/src/protocol/requests/apiKeys.js' {
  const apiKeys: Readonly<Record<string, number>>;
  export default apiKeys;
}
