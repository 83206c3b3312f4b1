import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { topicNames } from '../../../src/streams/topics.ts';
import { type Brokers, startBrokers } from '../../kafka/support/brokers.ts';
import { partitionLeaders } from './support/partition-leaders.ts';
import { playThrough } from './support/play-through.ts';

const HUNG_MS = 15_000;
const INTERNAL = ['__transaction_state', '__consumer_offsets'];

const seed = String(Date.now());
const random = seededRandom(seed);

const nodeFrom = (count: number): number => 1 + Math.floor(random() * count);

describe('a cluster of three brokers', () => {
  let cluster: Brokers;
  beforeAll(async () => {
    console.log(`brokers seed ${seed}`);
    cluster = await startBrokers({ nodes: 3 });
  });
  afterAll(() => cluster.stop());

  it(`outlives that one hangs for ${HUNG_MS / 1000} s, its connections open`, async () => {
    const node = nodeFrom(3);
    const inUse = [...INTERNAL];
    await playThrough({ brokers: cluster.brokers, name: 'hung', random }, async ({ name }) => {
      inUse.push(...Object.values(topicNames(name)));
      await cluster.pause(node);
      await sleep(HUNG_MS);
      await cluster.resume(node);
    });
    await (await partitionLeaders(cluster.brokers)).untilInSync(inUse);
  });

  it('outlives that one is killed for good', async () => {
    await playThrough({ brokers: cluster.brokers, name: 'two-left', random }, () => cluster.kill(nodeFrom(3)));
  });
});
