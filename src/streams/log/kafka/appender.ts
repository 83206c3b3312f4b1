import type { Producer } from 'kafkajs';
import { PulseError } from '../../../errors.ts';
import { within } from '../../clock/within.ts';
import type { CommitResult, OutputRecord } from '../log.ts';
import { disconnectAfter } from './disconnect-after.ts';
import type { KafkaClient } from './kafka-client.ts';
import { kafkaFailure } from './kafka-errors.ts';
import { sendAll } from './send-all.ts';
import { type Send, sendsOf } from './sends.ts';
import type { TopicCatalog } from './topic-catalog.ts';

/** A send that takes longer is given up: all later ones wait for it, and the client itself may try again for minutes. */
const APPENDING_MS = 20_000;

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
    const sent = sendAll(producer, sends, this.#client.codec);
    try {
      return await within(sent, APPENDING_MS, this.#client.time, takesTooLong);
    } catch (error) {
      // Its sequence numbers can't be trusted any more.
      this.#producer = undefined;
      disconnectAfter(producer, sent);
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

const takesTooLong = (): PulseError =>
  new PulseError('log-unavailable', `appending has not come to an end in ${APPENDING_MS / 1000} s`);
