import kafkajs, { type Kafka, type Producer } from 'kafkajs';
import type { PulseError } from '../../../errors.ts';
import { closed, spent } from '../local/writer-errors.ts';
import type { CommitResult, GroupProgress, OutputRecord, TransactionalWriter } from '../log.ts';
import type { Codec } from './codecs.ts';
import { kafkaFailure } from './kafka-errors.ts';
import { sendAll } from './send-all.ts';
import { type Send, sendsOf } from './sends.ts';
import type { TopicCatalog } from './topic-catalog.ts';

/** A dead instance's open transaction holds its partitions' readers up for no longer. */
const TRANSACTION_TIMEOUT_MS = 10_000;

/** The broker is still busy with the last transaction when the next begins: a matter of milliseconds, not of 300. */
const retry = { initialRetryTime: 10, maxRetryTime: 200, multiplier: 1.3, retries: 50 };

export interface WriterParts {
  readonly kafka: Kafka;
  readonly catalog: TopicCatalog;
  readonly codec: Codec;
  /** Told when it is closed, so that nobody closes it again. */
  readonly onClose: (writer: KafkaWriter) => void;
}

/** A transactional producer; opening it fences the earlier ones of its id. */
export class KafkaWriter implements TransactionalWriter {
  readonly id: string;
  readonly #parts: WriterParts;
  readonly #producer: Producer;
  #last: Promise<unknown> = Promise.resolve();
  #failure: PulseError | undefined;
  #isClosed = false;

  private constructor(id: string, parts: WriterParts, producer: Producer) {
    this.id = id;
    this.#parts = parts;
    this.#producer = producer;
  }

  static async open(id: string, parts: WriterParts): Promise<KafkaWriter> {
    const producer = parts.kafka.producer({
      ...{ transactionalId: id, idempotent: true, maxInFlightRequests: 1, transactionTimeout: TRANSACTION_TIMEOUT_MS },
      ...{ retry, allowAutoTopicCreation: false, createPartitioner: kafkajs.Partitioners.DefaultPartitioner },
    });
    try {
      await producer.connect();
      // A first transaction asks for a producer id: from here on the earlier ones of this transactional id are fenced.
      await (await producer.transaction()).abort();
    } catch (error) {
      await producer.disconnect().catch(() => undefined);
      throw kafkaFailure(error, id);
    }
    return new KafkaWriter(id, parts, producer);
  }

  commit(records: readonly OutputRecord[], progress?: GroupProgress): Promise<CommitResult> {
    if (this.#isClosed) return Promise.reject(closed(`The writer ${this.id}`));
    const sends = sendsOf(records);
    const committed = this.#last.then(() => this.#commit(sends, progress));
    this.#last = committed.catch(() => undefined);
    return committed;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#last;
    this.#parts.onClose(this);
    await this.#producer.disconnect().catch(() => undefined);
  }

  async #commit(sends: readonly Send[], progress: GroupProgress | undefined): Promise<CommitResult> {
    if (this.#failure !== undefined) throw spent(this.id, this.#failure);
    try {
      for (const send of sends) await this.#parts.catalog.check(send);
      return await this.#transact(sends, progress);
    } catch (error) {
      this.#failure = kafkaFailure(error, this.id);
      throw this.#failure;
    }
  }

  async #transact(sends: readonly Send[], progress: GroupProgress | undefined): Promise<CommitResult> {
    const transaction = await this.#producer.transaction();
    try {
      const result = await sendAll(transaction, sends, this.#parts.codec);
      if (progress !== undefined) await transaction.sendOffsets(offsetsOf(progress));
      await transaction.commit();
      return result;
    } catch (error) {
      // At once where it can be: readers wait for as long as the transaction is open.
      if (transaction.isActive()) await transaction.abort().catch(() => undefined);
      throw error;
    }
  }
}

const offsetsOf = ({ group, topic, partition, offset }: GroupProgress) => ({
  consumerGroupId: group,
  topics: [{ topic, partitions: [{ partition, offset: String(offset) }] }],
});
