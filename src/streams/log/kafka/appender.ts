import type { Producer } from 'kafkajs';
import type { CommitResult, OutputRecord } from '../log.ts';
import type { KafkaClient } from './kafka-client.ts';
import { kafkaFailure } from './kafka-errors.ts';
import { sendAll } from './send-all.ts';
import { type Send, sendsOf } from './sends.ts';
import type { TopicCatalog } from './topic-catalog.ts';

/** Appends outside of transactions, with one idempotent producer that is made when it is first needed. */
export class Appender {
  readonly #client: KafkaClient;
  readonly #catalog: TopicCatalog;
  #producer: Promise<Producer> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(client: KafkaClient, catalog: TopicCatalog) {
    this.#client = client;
    this.#catalog = catalog;
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
      return await sendAll(producer, sends, this.#client.codec);
    } catch (error) {
      // Its sequence numbers can't be trusted any more.
      this.#producer = undefined;
      void producer.disconnect().catch(() => undefined);
      this.#catalog.forget(sends.map(({ topic }) => topic));
      throw kafkaFailure(error, 'appending');
    }
  }

  async #open(): Promise<Producer> {
    const producer = this.#client.producer({});
    try {
      await producer.connect();
      return producer;
    } catch (error) {
      this.#producer = undefined;
      throw kafkaFailure(error, 'appending');
    }
  }
}
