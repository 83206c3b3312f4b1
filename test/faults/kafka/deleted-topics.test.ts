import { describe, expect, inject, it } from 'vitest';
import kafkajs from 'kafkajs';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { disorderlyMarket } from '../../support/disorderly-market.ts';
import { recordedRecords } from '../../support/oracle/recorded-records.ts';
import type { SourceRecord } from '../../support/oracle/source-record.ts';
import type { Ended } from '../../support/pulse.ts';
import { eventually } from './support/eventually.ts';
import { KafkaNamespace } from './support/kafka-namespace.ts';
import { SourceFeed } from './support/source-feed.ts';
import { watchProgress } from './support/watch-progress.ts';

const { Kafka, logLevel } = kafkajs;

const TOPICS = ['coingecko.markets', 'pulse.partials', 'pulse.prices_hourly', 'pulse.positions'] as const;
/** What a restart, which makes the topic anew, finds missing. */
const MISSING: Readonly<Record<(typeof TOPICS)[number], RegExp>> = {
  'coingecko.markets':
    /^pulse: .*coingecko\.markets\[\d\] is another topic than the one that the stage combine has processed up to /,
  'pulse.partials':
    /^pulse: .*pulse\.partials\[\d\] is another topic than the one that the stage maintain has processed up to /,
  'pulse.prices_hourly': /^pulse: .*pulse\.prices_hourly\[\d\] ends at offset 0, and \d+ were committed/,
  'pulse.positions': /^pulse: .* has no position: processing from the start would count its input twice/,
};
const WITHIN_MS = 120_000;

/** A last line of ours that says what is wrong; an instance may have said before it what it tried. */
function expectHalted(ended: Ended, why: RegExp): void {
  expect(ended, ended.stderr).toMatchObject({ code: 1, stdout: '' });
  const lines = ended.stderr.trimEnd().split('\n');
  expect(lines.at(-1)).toMatch(why);
  expect(lines.filter((line) => line.startsWith('pulse: '))).toEqual([lines.at(-1)]);
  expect(ended.stderr).not.toMatch(/undefined|\[object|unexpected:|^ {4}at /m);
}

describe('a topic that is deleted underneath a running instance', () => {
  it(`ends it with one clear line, and a restart does not start over: ${TOPICS.join(', ')}`, async () => {
    const seed = String(Date.now());
    console.log(`deletion seed ${seed}`);
    const records = recordedRecords(disorderlyMarket(seededRandom(seed), 1));
    await Promise.all(TOPICS.map((topic) => deleteUnderneath(topic, records)));
  });
});

async function deleteUnderneath(deleted: (typeof TOPICS)[number], records: readonly SourceRecord[]): Promise<void> {
  const brokers = inject('kafkaBrokers');
  const namespace = await KafkaNamespace.create({ brokers, name: `deleted-${deleted.split('.')[1]}` });
  const feed = await SourceFeed.open({ brokers, topic: namespace.topic('coingecko.markets'), records });
  const progress = await watchProgress(namespace);
  const instance = await namespace.begin();
  await feed.send(1_500);
  await progress.caughtUp();

  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.deleteTopics({ topics: [namespace.topic(deleted)] });
  await admin.disconnect();
  const deletedAt = Date.now();
  if (deleted !== 'coingecko.markets') await feed.send(500);
  await eventually('the instance ends', () => instance.child.exitCode !== null, WITHIN_MS);
  const ended = await instance.ended;
  const took = Date.now() - deletedAt;
  console.log(`${deleted}: exit after ${took} ms: ${ended.stderr.trimEnd().split('\n').at(-1)}`);
  expectHalted(ended, new RegExp(`^pulse: .*${namespace.topic(deleted)}`));
  const again = await namespace.catchUp();
  console.log(`${deleted}: again: ${again.stderr.trimEnd().split('\n').at(-1)}`);
  expectHalted(again, MISSING[deleted]);
}
