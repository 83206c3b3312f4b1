import type Cluster from 'kafkajs/src/cluster/index.js';
import type { BrokerConnections } from 'kafkajs/src/cluster/index.js';
import createRequest from 'kafkajs/src/protocol/requests/fetch/v11/request.js';
import type { SchedulerLike } from 'rxjs';
import { PulseError } from '../../../errors.ts';
import { type Sleep, sleepOn } from '../../clock/sleep.ts';
import { outOfRange } from '../local/topic-errors.ts';
import { closed } from '../local/writer-errors.ts';
import type { OffsetBounds, PartitionPosition, RecordBatch, TopicPartition } from '../log.ts';
import { decodeFetch, type FetchedPartition } from './fetch-response.ts';
import { kafkaFailure, protocolName } from './kafka-errors.ts';
import { partitionName } from './partition-name.ts';
import { unpackRecords } from './record-batch.ts';

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
  fetch(positions: readonly PartitionPosition[], waitMs: number): Promise<readonly RecordBatch[]> {
    const topics = [...new Set(positions.map(({ topic }) => topic))];
    return this.#persist(`reading ${positions.map(partitionName).join(', ')}`, topics, async (attempt) => {
      const answers = await this.#fetchOnce(positions, waitMs);
      const failed = answers.find(({ error }) => error !== 0);
      if (failed === undefined) return Promise.all(answers.map((answer) => batchOf(answer, positions)));
      if (failed.error === OFFSET_OUT_OF_RANGE)
        throw outOfRange(failed, positionOf(failed, positions), await this.#bounds(failed));
      if (failed.error === UNKNOWN_TOPIC_OR_PARTITION && attempt >= ATTEMPTS / 2)
        throw new PulseError('unknown-topic', `${partitionName(failed)} is not there any more.`);
      throw new Error(`the broker answers with error ${failed.error}`);
    });
  }

  /** The offsets that the partition holds; the end is behind what transactions have still open. */
  bounds(at: TopicPartition): Promise<OffsetBounds> {
    return this.#persist(`the bounds of ${partitionName(at)}`, [at.topic], () => this.#bounds(at));
  }

  /** Has the partition's leader give up the records below `before`. */
  purge(at: TopicPartition, before: number): Promise<void> {
    const { topic, partition } = at;
    return this.#persist(`purging ${partitionName(at)}`, [topic], async () => {
      const leader = await this.#leaderOf(at);
      await leader.deleteRecords({ topics: [{ topic, partitions: [{ partition, offset: String(before) }] }] });
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#cluster.disconnect().catch(() => undefined);
  }

  async #fetchOnce(positions: readonly PartitionPosition[], waitMs: number): Promise<readonly FetchedPartition[]> {
    const byLeader = new Map<string, PartitionPosition[]>();
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
    positions: readonly PartitionPosition[],
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

  #leaderOf({ topic, partition }: TopicPartition): Promise<BrokerConnections> {
    const [nodeId = '-1'] = Object.keys(this.#cluster.findLeaderForPartitions(topic, [partition]));
    return this.#cluster.findBroker({ nodeId });
  }

  async #bounds(at: TopicPartition): Promise<OffsetBounds> {
    const { topic, partition } = at;
    const broker = await this.#leaderOf(at);
    const offsetAt = async (timestamp: number): Promise<number> => {
      const topics = [{ topic, partitions: [{ partition, timestamp }] }];
      const { responses } = await broker.listOffsets({ isolationLevel: 0, topics });
      return Number(responses[0]?.partitions[0]?.offset);
    };
    return { start: await offsetAt(EARLIEST), end: await offsetAt(LATEST) };
  }

  /** Does the work, and tries again for some seconds where it fails with what may pass. */
  async #persist<Result>(
    what: string,
    topics: readonly string[],
    work: (attempt: number) => Promise<Result>,
  ): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      if (this.#isClosed) throw closed(`The fetcher for ${what}`);
      try {
        await this.#know(topics, attempt > 1);
        return await work(attempt);
      } catch (error) {
        if (error instanceof PulseError || this.#isClosed || attempt >= ATTEMPTS) throw lastFailure(error, what);
      } finally {
        // What was under way when it was closed may have connected again.
        if (this.#isClosed) void this.close();
      }
      await this.#sleep(PAUSE_MS);
    }
  }

  /** Connects, and learns who leads the topics where that is not known; anew where leaders may have moved. */
  async #know(topics: readonly string[], isAgain: boolean): Promise<void> {
    if (!this.#cluster.isConnected()) await this.#cluster.connect();
    // One of those that were asked about before may be gone, and would fail the whole.
    if (isAgain) this.#cluster.targetTopics = new Set();
    await this.#cluster.addMultipleTargetTopics(topics);
  }
}

/** A topic that nobody has known of for seconds is gone. */
function lastFailure(error: unknown, what: string): PulseError {
  if (protocolName(error) !== 'UNKNOWN_TOPIC_OR_PARTITION') return kafkaFailure(error, what);
  return new PulseError('unknown-topic', `${what}: it is not there any more`, { cause: error });
}

async function batchOf(answer: FetchedPartition, positions: readonly PartitionPosition[]): Promise<RecordBatch> {
  const { topic, partition, highWatermark, aborted, bytes } = answer;
  const { records, nextOffset } = await unpackRecords(bytes, aborted, positionOf(answer, positions), Infinity);
  return { topic, partition, records, nextOffset, end: Math.max(highWatermark, nextOffset) };
}

const positionOf = (of: TopicPartition, positions: readonly PartitionPosition[]): number =>
  positions.find(({ topic, partition }) => topic === of.topic && partition === of.partition)?.offset ?? 0;
