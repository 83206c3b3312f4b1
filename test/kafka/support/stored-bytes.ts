import Decoder from 'kafkajs/src/protocol/decoder.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import { asyncScheduler } from 'rxjs';
import { KafkaClient } from '../../../src/streams/log/kafka/kafka-client.ts';

const DESCRIBE_LOG_DIRS = 35;

/** How many bytes a topic takes on the disk of a cluster of one broker. Source: protocol guide, DescribeLogDirs v1. */
export async function storedBytes(brokers: readonly string[], topic: string): Promise<number> {
  const cluster = new KafkaClient({ brokers }, asyncScheduler).cluster();
  try {
    await cluster.connect();
    const { connectionPool } = await cluster.brokerPool.findConnectedBroker();
    // Of every topic: the one is picked below.
    const encode = async (): Promise<Encoder> => new Encoder().writeInt32(-1);
    return await connectionPool.send({
      request: { apiKey: DESCRIBE_LOG_DIRS, apiVersion: 1, apiName: 'DescribeLogDirs', encode },
      response: { decode: async (bytes) => sizesIn(bytes).get(topic) ?? 0, parse: async (size) => size },
    });
  } finally {
    await cluster.disconnect();
  }
}

function sizesIn(bytes: Buffer): ReadonlyMap<string, number> {
  const decoder = new Decoder(bytes);
  const sizes = new Map<string, number>();
  decoder.readInt32(); // throttle time
  decoder.readArray((folder) => {
    folder.readInt16(); // error
    folder.readString(); // path
    folder.readArray((of) => {
      const topic = of.readString();
      for (const size of of.readArray(readPartition)) sizes.set(topic, (sizes.get(topic) ?? 0) + size);
    });
  });
  return sizes;
}

function readPartition(decoder: Decoder): number {
  decoder.readInt32(); // number
  const size = Number(decoder.readInt64());
  decoder.readInt64(); // offset lag
  decoder.readInt8(); // is a future replica
  return size;
}
