import kafkajs, { type Kafka as KafkaClient, type Message, type Producer } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { partitionOf } from '../../../../src/streams/log/partition-of.ts';
import type { SourceRecord } from '../../../support/oracle/source-record.ts';

const { Kafka, logLevel } = kafkajs;

const REQUEST_BYTES = 500_000;
/** A key, headers, and what encloses them. */
const OVERHEAD_BYTES = 200;

export interface FeedSpec {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly records: readonly SourceRecord[];
  /** Where a record goes; undefined: where its key hashes to. */
  readonly partitionOf?: (record: SourceRecord, index: number) => number;
}

/**
 * Sends records to a topic piece by piece, each once: with an idempotent producer, and one partition at a time, for kafkajs
 * repeats the whole of a request of which one partition was refused, as that of a topic just made may be.
 */
export class SourceFeed {
  readonly #spec: FeedSpec;
  readonly #producer: Producer;
  readonly #partitions: number;
  #sent = 0;

  private constructor(spec: FeedSpec, producer: Producer, partitions: number) {
    this.#spec = spec;
    this.#producer = producer;
    this.#partitions = partitions;
  }

  static async open(spec: FeedSpec): Promise<SourceFeed> {
    const kafka = new Kafka({ brokers: [...spec.brokers], logLevel: logLevel.NOTHING });
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    onTestFinished(() => producer.disconnect());
    return new SourceFeed(spec, producer, await partitionsOf(kafka, spec.topic));
  }

  get sent(): number {
    return this.#sent;
  }

  get left(): number {
    return this.#spec.records.length - this.#sent;
  }

  /** Sends the next ones; all that are left where no number is given. */
  async send(count = this.left): Promise<void> {
    const { topic, records, partitionOf = this.#hashed } = this.#spec;
    const byPartition = new Map<number, Message[]>();
    for (const record of records.slice(this.#sent, this.#sent + count)) {
      const partition = partitionOf(record, this.#sent++);
      const message = { key: record.key, value: record.value, headers: { ...record.headers }, partition };
      const together = byPartition.get(partition);
      if (together === undefined) byPartition.set(partition, [message]);
      else together.push(message);
    }
    for (const some of [...byPartition.values()].flatMap(inRequests))
      await this.#producer.send({ topic, messages: [...some] });
  }

  /** Where a key hashes to; those without one take turns. */
  readonly #hashed = ({ key }: SourceRecord, index: number): number =>
    key === null ? index % this.#partitions : partitionOf(key, this.#partitions);

  /** Sends a few at a time for as long as the claim holds. Throws where there are none left before. */
  async sendWhile(claim: () => boolean, { count, everyMs }: { count: number; everyMs: number }): Promise<void> {
    while (claim()) {
      if (this.left === 0) throw new Error('all that there was is sent, and what was waited for has not come');
      await this.send(count);
      await sleep(everyMs);
    }
  }
}

async function partitionsOf(kafka: KafkaClient, topic: string): Promise<number> {
  const admin = kafka.admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  await admin.disconnect();
  return topics.flatMap(({ partitions }) => partitions).length;
}

/** A broker takes a mebibyte of a partition at a time. */
function inRequests(messages: readonly Message[]): readonly (readonly Message[])[] {
  const requests: Message[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    const size = (message.value?.length ?? 0) + OVERHEAD_BYTES;
    if (bytes + size > REQUEST_BYTES) {
      requests.push([]);
      bytes = 0;
    }
    requests.at(-1)?.push(message);
    bytes += size;
  }
  return requests;
}
