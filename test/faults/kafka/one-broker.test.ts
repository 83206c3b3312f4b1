import kafkajs from 'kafkajs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { type Brokers, startBrokers } from '../../kafka/support/brokers.ts';
import { disorderlyMarket } from '../../support/disorderly-market.ts';
import { recordedRecords } from '../../support/oracle/recorded-records.ts';
import type { SourceRecord } from '../../support/oracle/source-record.ts';
import { eventually } from './support/eventually.ts';
import { playThrough } from './support/play-through.ts';
import { KafkaNamespace } from './support/kafka-namespace.ts';
import { SourceFeed } from './support/source-feed.ts';
import { watchProgress } from './support/watch-progress.ts';

const { Kafka, logLevel } = kafkajs;

/** A group that nobody is in is forgotten after a minute; a production's week is no different. */
const FORGETFUL = { 'offsets.retention.minutes': '1', 'offsets.retention.check.interval.ms': '1000' };
const HUNG_MS = 15_000;

const seed = String(Date.now());
const random = seededRandom(seed);

describe('a single broker', () => {
  let cluster: Brokers;
  /** A namespace that is left alone while the others are worked on. */
  const idle = { folder: mkdtempSync(join(tmpdir(), 'pulse-idle-')), records: [] as readonly SourceRecord[] };
  let idleNamespace: KafkaNamespace;
  beforeAll(async () => {
    console.log(`broker seed ${seed}`);
    cluster = await startBrokers({ nodes: 1, config: FORGETFUL });
  });
  afterAll(async () => {
    rmSync(idle.folder, { recursive: true, force: true });
    await cluster.stop();
  });

  /** The offsets that a stage's group has committed, -1 where there is none. */
  const groupOffsets = async (namespace: KafkaNamespace, stage: string): Promise<readonly number[]> => {
    const admin = new Kafka({ brokers: [...cluster.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const topic = namespace.topic(stage === 'combine' ? 'coingecko.markets' : 'pulse.partials');
    const found = await admin.fetchOffsets({ groupId: namespace.topic(`pulse-${stage}`), topics: [topic] });
    await admin.disconnect();
    return found.flatMap(({ partitions }) => partitions.map(({ offset }) => Number(offset)));
  };

  it('has the offsets of a group that has processed half, and left', async () => {
    idle.records = recordedRecords(disorderlyMarket(random, 2));
    const env = { PULSE_DATA_DIR: idle.folder };
    idleNamespace = await KafkaNamespace.create({ brokers: cluster.brokers, name: 'idle', env });
    const topic = idleNamespace.topic('coingecko.markets');
    const feed = await SourceFeed.open({ brokers: idleNamespace.brokers, topic, records: idle.records });
    await feed.send(3_000);
    await idleNamespace.finish();
    await idleNamespace.expectTables(idle.records.slice(0, feed.sent));
    for (const stage of ['combine', 'maintain'])
      expect(Math.max(...(await groupOffsets(idleNamespace, stage)))).toBeGreaterThan(0);
  });

  it('is killed with -9 and started again in the middle: the tables are those of a batch job', async () => {
    await playThrough({ brokers: cluster.brokers, name: 'restarted', random }, async () => {
      await cluster.kill(1);
      await cluster.restart(1);
    });
  });

  it(`hangs for ${HUNG_MS / 1000} s, its connections open: the tables are those of a batch job`, async () => {
    await playThrough({ brokers: cluster.brokers, name: 'hung', random }, async () => {
      await cluster.pause(1);
      await sleep(HUNG_MS);
      await cluster.resume(1);
    });
  });

  it('has forgotten the offsets of the idle group, which goes on with nothing lost and nothing twice', async () => {
    for (const stage of ['combine', 'maintain'])
      await eventually(
        `the offsets of ${stage} are forgotten`,
        async () => (await groupOffsets(idleNamespace, stage)).every((offset) => offset === -1),
        120_000,
      );
    const topic = idleNamespace.topic('coingecko.markets');
    const rest = idle.records.slice(3_000);
    const feed = await SourceFeed.open({ brokers: idleNamespace.brokers, topic, records: rest });
    const progress = await watchProgress(idleNamespace);
    const instance = await idleNamespace.begin();
    await feed.send();
    await progress.caughtUp();
    await idleNamespace.finish([instance]);
    await idleNamespace.expectTables(idle.records);
  });
});
