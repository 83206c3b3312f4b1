import kafkajs, { type Message, type Producer } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { SourceRecord } from '../../../support/oracle/source-record.ts';

const { Kafka, logLevel, Partitioners } = kafkajs;

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

/** Sends records to a topic piece by piece, with a plain kafkajs producer. */
export class SourceFeed {
  readonly #spec: FeedSpec;
  readonly #producer: Producer;
  #sent = 0;

  private constructor(spec: FeedSpec, producer: Producer) {
    this.#spec = spec;
    this.#producer = producer;
  }

  static async open(spec: FeedSpec): Promise<SourceFeed> {
    const kafka = new Kafka({ brokers: [...spec.brokers], logLevel: logLevel.NOTHING });
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    onTestFinished(() => producer.disconnect());
    return new SourceFeed(spec, producer);
  }

  get sent(): number {
    return this.#sent;
  }

  get left(): number {
    return this.#spec.records.length - this.#sent;
  }

  /** Sends the next ones; all that are left where no number is given. */
  async send(count = this.left): Promise<void> {
    const { topic, records, partitionOf } = this.#spec;
    const first = this.#sent;
    const messages = records.slice(first, first + count).map((record, index) => ({
      ...{ key: record.key, value: record.value, headers: { ...record.headers } },
      ...(partitionOf && { partition: partitionOf(record, first + index) }),
    }));
    this.#sent += messages.length;
    for (const some of inRequests(messages)) await this.#producer.send({ topic, messages: [...some] });
  }

  /** Sends a few at a time for as long as the claim holds. Throws where there are none left before. */
  async sendWhile(claim: () => boolean, { count, everyMs }: { count: number; everyMs: number }): Promise<void> {
    while (claim()) {
      if (this.left === 0) throw new Error('all that there was is sent, and what was waited for has not come');
      await this.send(count);
      await sleep(everyMs);
    }
  }
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
