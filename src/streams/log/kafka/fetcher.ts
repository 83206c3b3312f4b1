import type Cluster from 'kafkajs/src/cluster/index.js';
import createRequest from 'kafkajs/src/protocol/requests/fetch/v11/request.js';
import type { SchedulerLike } from 'rxjs';
import { PulseError } from '../../../errors.ts';
import { type Sleep, sleepOn } from '../../clock/sleep.ts';
import { outOfRange } from '../local/topic-errors.ts';
import type { OffsetBounds, RecordBatch, TopicPartition } from '../log.ts';
import { decodeFetch, type FetchedPartition } from './fetch-response.ts';
import { kafkaFailure } from './kafka-errors.ts';
import { unpackRecords } from './record-batch.ts';

/** Where to read on. */
export interface Position extends TopicPartition {
  readonly offset: number;
}

/** A broker answers with no more of one partition, unless its first batch alone is larger. */
const FETCH_BYTES = 1 << 20;
const ANSWER_BYTES = 16 << 20;

const OFFSET_OUT_OF_RANGE = 1;
const UNKNOWN_TOPIC_OR_PARTITION = 3;
/** What a request for an offset by time says for the two ends. */
const EARLIEST = -2;
const LATEST = -1;
/** Leaders move and topics become known within seconds; a broker that is gone is noticed by its connection. */
const ATTEMPTS = 20;
const PAUSE_MS = 250;

/**
 * Fetches committed records with connections of its own, following the partitions' leaders. One call at a time: a broker
 * answers the requests of a connection in order, so a long wait would hold up the next.
 */
export class Fetcher {
  readonly #cluster: Cluster;
  readonly #sleep: Sleep;
  readonly #fetchBytes: number;
  #connected: Promise<void> | undefined;
  #isClosed = false;

  constructor(cluster: Cluster, time: SchedulerLike, fetchBytes = FETCH_BYTES) {
    this.#fetchBytes = fetchBytes;
    this.#cluster = cluster;
    this.#sleep = sleepOn(time);
  }

  /**
   * What there is behind the positions, as soon as there is something, or nothing after `waitMs`. A batch without records
   * may still move on. Rejects with `offset-out-of-range`, with `unknown-topic` where the topic is gone, and with
   * `log-unavailable` when no leader answers for some seconds.
   */
  async fetch(positions: readonly Position[], waitMs: number): Promise<readonly RecordBatch[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        const answers = await this.#fetchOnce(positions, waitMs);
        const failed = answers.find(({ error }) => error !== 0);
        if (failed === undefined) return await Promise.all(answers.map((answer) => batchOf(answer, positions)));
        if (failed.error === OFFSET_OUT_OF_RANGE)
          throw outOfRange(failed, positionOf(failed, positions), await this.#bounds(failed));
        if (failed.error === UNKNOWN_TOPIC_OR_PARTITION && attempt >= ATTEMPTS / 2)
          throw new PulseError('unknown-topic', `${nameOf(failed)} is not there any more.`);
        if (attempt >= ATTEMPTS)
          throw new PulseError('log-unavailable', `${nameOf(failed)} can't be read: the broker says ${failed.error}`);
      } catch (error) {
        if (error instanceof PulseError || this.#isClosed || attempt >= ATTEMPTS)
          throw kafkaFailure(error, `reading ${positions.map(nameOf).join(', ')}`);
      }
      await this.#sleep(PAUSE_MS);
      await this.#refresh();
    }
  }

  /** The offsets that the partition holds; the end is behind what transactions have still open. */
  async bounds(at: TopicPartition): Promise<OffsetBounds> {
    for (let attempt = 1; ; attempt++) {
      try {
        this.#connected ??= this.#connect([at]);
        await this.#connected;
        await this.#cluster.addMultipleTargetTopics([at.topic]);
        return await this.#bounds(at);
      } catch (error) {
        if (this.#isClosed || attempt >= ATTEMPTS) throw kafkaFailure(error, `the bounds of ${nameOf(at)}`);
        // One of those that were asked about before may be gone.
        this.#cluster.targetTopics = new Set();
      }
      await this.#sleep(PAUSE_MS);
      await this.#refresh();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#cluster.disconnect().catch(() => undefined);
  }

  async #fetchOnce(positions: readonly Position[], waitMs: number): Promise<readonly FetchedPartition[]> {
    this.#connected ??= this.#connect(positions);
    await this.#connected;
    const byLeader = new Map<string, Position[]>();
    for (const position of positions) {
      const leader =
        Object.keys(this.#cluster.findLeaderForPartitions(position.topic, [position.partition]))[0] ?? '-1';
      byLeader.set(leader, [...(byLeader.get(leader) ?? []), position]);
    }
    // With several leaders none is waited for: what one has would wait for what the other has not.
    const wait = byLeader.size === 1 ? waitMs : Math.min(waitMs, 50);
    const answers = [...byLeader].map(([nodeId, those]) => this.#fetchFrom(nodeId, those, wait));
    return (await Promise.all(answers)).flat();
  }

  async #fetchFrom(
    nodeId: string,
    positions: readonly Position[],
    waitMs: number,
  ): Promise<readonly FetchedPartition[]> {
    const { connectionPool } = await this.#cluster.findBroker({ nodeId });
    const request = createRequest({
      ...{ replicaId: -1, isolationLevel: 1, maxWaitTime: waitMs, minBytes: 1, maxBytes: ANSWER_BYTES },
      topics: positions.map(({ topic, partition, offset }) => ({
        topic,
        partitions: [{ partition, fetchOffset: String(offset), maxBytes: this.#fetchBytes }],
      })),
    });
    const response = {
      decode: async (bytes: Buffer) => decodeFetch(bytes),
      parse: async (decoded: unknown) => decoded,
    };
    return (await connectionPool.send({ request, response })) as readonly FetchedPartition[];
  }

  async #bounds({ topic, partition }: TopicPartition): Promise<OffsetBounds> {
    const [nodeId = '-1'] = Object.keys(this.#cluster.findLeaderForPartitions(topic, [partition]));
    const broker = await this.#cluster.findBroker({ nodeId });
    const offsetAt = async (timestamp: number): Promise<number> => {
      const topics = [{ topic, partitions: [{ partition, timestamp }] }];
      const { responses } = await broker.listOffsets({ isolationLevel: 0, topics });
      return Number(responses[0]?.partitions[0]?.offset);
    };
    return { start: await offsetAt(EARLIEST), end: await offsetAt(LATEST) };
  }

  async #connect(positions: readonly TopicPartition[]): Promise<void> {
    try {
      await this.#cluster.connect();
      await this.#cluster.addMultipleTargetTopics([...new Set(positions.map(({ topic }) => topic))]);
    } catch (error) {
      this.#connected = undefined;
      throw error;
    }
  }

  /** Leaders may have moved, or the connections may be gone. */
  async #refresh(): Promise<void> {
    if (this.#connected === undefined) return;
    try {
      if (!this.#cluster.isConnected()) await this.#cluster.connect();
      await this.#cluster.refreshMetadata();
    } catch {
      // The next attempt runs into the same, and counts.
    }
  }
}

async function batchOf(answer: FetchedPartition, positions: readonly Position[]): Promise<RecordBatch> {
  const { topic, partition, highWatermark, aborted, bytes } = answer;
  const { records, nextOffset } = await unpackRecords(bytes, aborted, positionOf(answer, positions), Infinity);
  return { topic, partition, records, nextOffset, end: Math.max(highWatermark, nextOffset) };
}

const positionOf = (of: TopicPartition, positions: readonly Position[]): number =>
  positions.find(({ topic, partition }) => topic === of.topic && partition === of.partition)?.offset ?? 0;

const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}[${partition}]`;
