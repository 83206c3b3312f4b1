import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { openKafkaLog } from '../../../src/streams/log/kafka/kafka-log.ts';
import { type Brokers, startBrokers } from '../../kafka/support/brokers.ts';
import { logInNamespace } from '../../kafka/support/log-in-namespace.ts';
import { NumberedWriters, numberedTopics } from './support/numbered-writers.ts';
import { partitionLeaders } from './support/partition-leaders.ts';
import { playThrough } from './support/play-through.ts';

const ROUNDS = Number(process.env['PULSE_TEST_LEADER_KILLS'] ?? 8);
const PREFIX = 'numbered';

const seed = String(Date.now());
const random = seededRandom(seed);

const inLog = (topic: string): string => `${PREFIX}.${topic}`;
const allTopics = [...numberedTopics.map(({ name }) => inLog(name)), '__transaction_state', '__consumer_offsets'];

describe('a cluster of three brokers', () => {
  let cluster: Brokers;
  beforeAll(async () => {
    console.log(`brokers seed ${seed}`);
    cluster = await startBrokers({ nodes: 3 });
  });
  afterAll(() => cluster.stop());

  it(`keeps every acknowledged record, while leaders are killed with -9 ${ROUNDS} times in open transactions`, async () => {
    const log = logInNamespace(await openKafkaLog({ brokers: cluster.brokers }), PREFIX);
    onTestFinished(() => log.close());
    await log.topics.ensure(numberedTopics);
    const leaders = await partitionLeaders(cluster.brokers);
    const killLeaders = async (): Promise<void> => {
      for (let round = 0; round < ROUNDS; round++) {
        await leaders.untilInSync(allTopics);
        await sleep(random() * 1_000);
        const leader = await leaders.of(inLog('first'), round % 3);
        await cluster.kill(leader);
        await sleep(2_000 + random() * 4_000);
        await cluster.restart(leader);
      }
      await leaders.untilInSync(allTopics);
    };
    const writers = new NumberedWriters(log);
    // Slow enough to last for as long as the brokers are killed.
    const speed = (2 * 86_400) / (ROUNDS * 12);
    await playThrough({ brokers: cluster.brokers, name: 'leaders', random, speed }, killLeaders);
    await writers.stop();
    console.log(`${ROUNDS} leaders killed: ${JSON.stringify(writers.figures)}`);
    expect(writers.figures.commits).toBeGreaterThan(ROUNDS * 20);
    await writers.expectAllThere(cluster.brokers, inLog);
  });
});
