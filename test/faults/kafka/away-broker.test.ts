import kafkajs from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { type Brokers, startBrokers } from '../../kafka/support/brokers.ts';
import { eventually } from './support/eventually.ts';
import type { KafkaNamespace } from './support/kafka-namespace.ts';
import { playThrough } from './support/play-through.ts';

const { Kafka, logLevel } = kafkajs;

/** Longer than a rebalance may take: members of a group are replaced meanwhile. */
const AWAY_MS = 40_000;

const seed = String(Date.now());
const random = seededRandom(seed);

describe('a single broker', () => {
  let cluster: Brokers;
  beforeAll(async () => {
    console.log(`broker seed ${seed}`);
    cluster = await startBrokers({ nodes: 1 });
  });
  afterAll(() => cluster.stop());

  const members = async (namespace: KafkaNamespace, stage: string): Promise<number> => {
    const admin = new Kafka({ brokers: [...cluster.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const { groups } = await admin.describeGroups([namespace.topic(`pulse-${stage}`)]);
    await admin.disconnect();
    return groups[0]?.members.length ?? 0;
  };

  it(`is away for ${AWAY_MS / 1000} s: the groups have as many members as there are instances, and the tables are right`, async () => {
    await playThrough({ brokers: cluster.brokers, name: 'away', random }, async (namespace) => {
      await cluster.kill(1);
      await sleep(AWAY_MS);
      await cluster.restart(1);
      // Long enough for those who were replaced to have come back, had nobody stopped them.
      await sleep(15_000);
      for (const stage of ['combine', 'maintain'])
        await eventually(`the group of ${stage} has two members`, async () => (await members(namespace, stage)) === 2);
    });
  });
});
