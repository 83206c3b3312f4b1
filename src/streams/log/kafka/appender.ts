import kafkajs, { type Kafka, type Producer } from 'kafkajs';
import type { CommitResult, OutputRecord } from '../log.ts';
import type { Codec } from './codecs.ts';
import { kafkaFailure } from './kafka-errors.ts';
import { sendAll } from './send-all.ts';
import { type Send, sendsOf } from './sends.ts';
import type { TopicCatalog } from './topic-catalog.ts';

/** Appends outside of transactions, with one idempotent producer that is made when it is first needed. */
export class Appender {
  readonly #kafka: Kafka;
  readonly #catalog: TopicCatalog;
  readonly #codec: Codec;
  #producer: Promise<Producer> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(kafka: Kafka, catalog: TopicCatalog, codec: Codec) {
    this.#kafka = kafka;
    this.#catalog = catalog;
    this.#codec = codec;
  }

  /** Appends each partition by itself, in the order of the calls. */
  append(records: readonly OutputRecord[]): Promise<CommitResult> {
    const sends = sendsOf(records);
    const appended = this.#last.then(() => this.#send(sends));
    this.#last = appended.catch(() => undefined);
    return appended;
  }

  async close(): Promise<void> {
    await this.#last;
    const producer = await this.#producer?.catch(() => undefined);
    await producer?.disconnect().catch(() => undefined);
  }

  async #send(sends: readonly Send[]): Promise<CommitResult> {
    for (const send of sends) await this.#catalog.check(send);
    const producer = await (this.#producer ??= this.#open());
    try {
      return await sendAll(producer, sends, this.#codec);
    } catch (error) {
      // Its sequence numbers can't be trusted any more.
      this.#producer = undefined;
      await producer.disconnect().catch(() => undefined);
      throw kafkaFailure(error, 'appending');
    }
  }

  async #open(): Promise<Producer> {
    const producer = this.#kafka.producer({
      ...{ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false },
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    });
    try {
      await producer.connect();
      return producer;
    } catch (error) {
      this.#producer = undefined;
      throw kafkaFailure(error, 'appending');
    }
  }
}
