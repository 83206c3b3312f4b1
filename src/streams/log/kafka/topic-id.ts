import type Cluster from 'kafkajs/src/cluster/index.js';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import apiKeys from 'kafkajs/src/protocol/requests/apiKeys.js';

/** The first version of the request that tells ids; kafkajs ends before it. */
const METADATA_VERSION = 10;
const UUID_BYTES = 16;
const NO_ERROR = 0;
/** Brokers whose topics have no ids say this. */
const NO_ID = Buffer.alloc(UUID_BYTES).toString('base64url');

/** What a broker says of a topic's id. */
export type FoundId =
  { readonly kind: 'id'; readonly id: string } | { readonly kind: 'no-ids' } | { readonly kind: 'no-topic' };

/**
 * Asks a broker for a topic's id, as Kafka's own tools print it.
 *
 * Source: Kafka protocol guide, "Metadata Request (Version: 10)"; of that version on with the headers, lengths and tagged
 * fields of KIP-482, and the ids of KIP-516.
 */
export async function readTopicId(cluster: Cluster, topic: string): Promise<FoundId> {
  if (!cluster.isConnected()) await cluster.connect();
  const { connectionPool } = await cluster.brokerPool.findConnectedBroker();
  const { Metadata: apiKey = -1 } = apiKeys;
  if ((cluster.brokerPool.versions?.[apiKey]?.maxVersion ?? 0) < METADATA_VERSION) return { kind: 'no-ids' };
  const request = { apiKey, apiVersion: METADATA_VERSION, apiName: 'Metadata', encode: async () => encode(topic) };
  const response = { decode: async (answer: Buffer) => decode(answer), parse: async (found: FoundId) => found };
  return connectionPool.send({ request, response });
}

function encode(topic: string): Encoder {
  return new Encoder()
    .writeUVarInt(0) // the header's tagged fields, which kafkajs's header has none of
    .writeUVarInt(2) // one topic
    .writeBuffer(Buffer.alloc(UUID_BYTES)) // found by its name, not by its id
    .writeUVarIntString(topic)
    .writeUVarInt(0)
    .writeBoolean(false) // creates none
    .writeBoolean(false)
    .writeBoolean(false)
    .writeUVarInt(0);
}

/** Takes the answer apart as far as the first topic's id. */
function decode(answer: Buffer): FoundId {
  const decoder = new Decoder(answer);
  skipTagged(decoder);
  decoder.readInt32(); // throttle time
  for (let brokers = decoder.readUVarInt(); brokers > 1; brokers--) skipBroker(decoder);
  decoder.readUVarIntString(); // cluster id
  decoder.readInt32(); // controller
  decoder.readUVarInt(); // one topic
  const error = decoder.readInt16();
  decoder.readUVarIntString();
  const id = decoder.readBytes(UUID_BYTES).toString('base64url');
  if (id !== NO_ID) return { kind: 'id', id };
  return { kind: error === NO_ERROR ? 'no-ids' : 'no-topic' };
}

function skipBroker(decoder: Decoder): void {
  decoder.readInt32(); // node id
  decoder.readUVarIntString(); // host
  decoder.readInt32(); // port
  decoder.readUVarIntString(); // rack
  skipTagged(decoder);
}

/** By hand: kafkajs's own reads a tagged field's length as that of a string, which is one more. */
function skipTagged(decoder: Decoder): void {
  for (let fields = decoder.readUVarInt(); fields > 0; fields--) {
    decoder.readUVarInt();
    decoder.readBytes(decoder.readUVarInt());
  }
}
