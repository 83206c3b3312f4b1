import type { Producer, Transaction } from 'kafkajs';
import { PulseError } from '../../../errors.ts';
import { within } from '../../clock/within.ts';
import { closed, spent } from '../local/writer-errors.ts';
import type { CommitResult, GroupProgress, OutputRecord, TransactionalWriter } from '../log.ts';
import { disconnectAfter } from './disconnect-after.ts';
import type { KafkaClient } from './kafka-client.ts';
import { kafkaFailure } from './kafka-errors.ts';
import { sendAll } from './send-all.ts';
import { type Send, sendsOf } from './sends.ts';
import type { TopicCatalog } from './topic-catalog.ts';

/**
 * A dead instance's open transaction holds its partitions' readers up for no longer: the coordinator aborts it, and fences
 * its producer. What takes longer is given up here, too.
 */
const TRANSACTION_TIMEOUT_MS = 10_000;
/** Opening waits for what an earlier writer of the id has left open. */
const OPENING_MS = 2 * TRANSACTION_TIMEOUT_MS;

/** The broker is still busy with the last transaction when the next begins: a matter of milliseconds, not of 300. */
const retry = { initialRetryTime: 10, maxRetryTime: 200, multiplier: 1.3, retries: 50 };

export interface WriterParts {
  readonly client: KafkaClient;
  readonly catalog: TopicCatalog;
  /** Told when it is closed, so that nobody closes it again. */
  readonly onClose: (writer: KafkaWriter) => void;
}

/** A transactional producer; opening it fences the earlier ones of its id. */
export class KafkaWriter implements TransactionalWriter {
  readonly id: string;
  readonly #parts: WriterParts;
  readonly #producer: Producer;
  #last: Promise<unknown> = Promise.resolve();
  /** What the brokers are asked, whether it is still waited for or not. */
  #underWay: Promise<unknown> = Promise.resolve();
  #failure: PulseError | undefined;
  #isClosed = false;

  private constructor(id: string, parts: WriterParts, producer: Producer) {
    this.id = id;
    this.#parts = parts;
    this.#producer = producer;
  }

  static async open(id: string, parts: WriterParts): Promise<KafkaWriter> {
    const { client } = parts;
    const producer = client.producer({ transactionalId: id, transactionTimeout: TRANSACTION_TIMEOUT_MS, retry });
    const late = new AbortController();
    const fenced = fence(producer, late.signal);
    try {
      await within(fenced, OPENING_MS, client.time, () => takesTooLong(id, OPENING_MS));
    } catch (error) {
      late.abort(error);
      disconnectAfter(producer, fenced);
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
    // One that failed may have requests under way that nobody answers.
    if (this.#failure === undefined) await this.#producer.disconnect().catch(() => undefined);
    else disconnectAfter(this.#producer, this.#underWay);
  }

  async #commit(sends: readonly Send[], progress: GroupProgress | undefined): Promise<CommitResult> {
    if (this.#failure !== undefined) throw spent(this.id, this.#failure);
    try {
      for (const send of sends) await this.#parts.catalog.check(send);
      return await this.#inTime((signal) => this.#transact(sends, progress, signal));
    } catch (error) {
      this.#parts.catalog.forget(sends.map(({ topic }) => topic));
      this.#failure = kafkaFailure(error, this.id);
      throw this.#failure;
    }
  }

  /**
   * What is late sends nothing more, and begins no commit. One that it had begun may still come true, as with any commit
   * whose answer was lost: the next writer of the id fences this one before it reads how things stand.
   */
  async #inTime(transact: (signal: AbortSignal) => Promise<CommitResult>): Promise<CommitResult> {
    const late = new AbortController();
    const transacted = transact(late.signal);
    this.#underWay = transacted;
    return within(transacted, TRANSACTION_TIMEOUT_MS, this.#parts.client.time, () => {
      const error = takesTooLong(this.id, TRANSACTION_TIMEOUT_MS);
      late.abort(error);
      return error;
    });
  }

  async #transact(
    sends: readonly Send[],
    progress: GroupProgress | undefined,
    signal: AbortSignal,
  ): Promise<CommitResult> {
    const transaction = await this.#producer.transaction();
    try {
      const result = await sendAll(transaction, sends, this.#parts.client.codec, signal);
      if (progress !== undefined) await transaction.sendOffsets(offsetsOf(progress));
      signal.throwIfAborted();
      await transaction.commit();
      return result;
    } catch (error) {
      // At once where it can be: readers wait for as long as the transaction is open.
      await abort(transaction);
      throw error;
    }
  }
}

/** A first transaction asks for a producer id: with that the earlier producers of this transactional id are fenced. */
async function fence(producer: Producer, signal: AbortSignal): Promise<void> {
  await producer.connect();
  signal.throwIfAborted();
  await (await producer.transaction()).abort();
}

async function abort(transaction: Transaction): Promise<void> {
  if (transaction.isActive()) await transaction.abort().catch(() => undefined);
}

const takesTooLong = (id: string, ms: number): PulseError =>
  new PulseError('log-unavailable', `${id}: the brokers took longer than ${ms / 1000} s over a transaction`);

const offsetsOf = ({ group, topic, partition, offset }: GroupProgress) => ({
  consumerGroupId: group,
  topics: [{ topic, partitions: [{ partition, offset: String(offset) }] }],
});
