import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject, it } from 'vitest';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { disorderlyMarket } from '../../support/disorderly-market.ts';
import { recordedRecords } from '../../support/oracle/recorded-records.ts';
import type { SourceRecord } from '../../support/oracle/source-record.ts';
import { eventually } from './support/eventually.ts';
import { KafkaNamespace } from './support/kafka-namespace.ts';
import { type SeenPosition, takenIn, watchPositions } from './support/position-watch.ts';
import { SourceFeed } from './support/source-feed.ts';
import { watchProgress } from './support/watch-progress.ts';

const SECONDS = Number(process.env['PULSE_TEST_SOAK_S'] ?? 60);
const PARTITIONS = 12;
const INSTANCES = 3;
const FEED_EVERY_MS = 100;
const RECORDS_A_SECOND = 500;

type Positions = ReadonlyMap<string, SeenPosition>;

/** The mean of a phase's rates, with its extremes. */
const summary = (rates: readonly number[]): string => {
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, rates.length);
  return `${Math.round(mean)} records/s (${Math.round(Math.min(...rates))} to ${Math.round(Math.max(...rates))})`;
};

describe(`${INSTANCES} instances over ${PARTITIONS} partitions, killed and joined at random under load`, () => {
  it(`leave the tables of a batch job after ${SECONDS} s`, { timeout: (SECONDS + 300) * 1_000 }, async () => {
    const seed = String(Date.now());
    console.log(`soak seed ${seed}`);
    const random = seededRandom(seed);
    const records = marketFor(random, (SECONDS + 240) * RECORDS_A_SECOND);
    const env = { PULSE_PARTITIONS: String(PARTITIONS) };
    const namespace = await KafkaNamespace.create({ brokers: inject('kafkaBrokers'), name: 'soak', env });
    // Every partition gets records at all times: that its position stands still means that nobody works on it.
    const feed = await SourceFeed.open({
      ...{ brokers: namespace.brokers, topic: namespace.topic('coingecko.markets'), records },
      partitionOf: (_, index) => index % PARTITIONS,
    });
    const progress = await watchProgress(namespace, PARTITIONS);
    const positions = await watchPositions(
      { brokers: namespace.brokers, topic: namespace.topic('pulse.positions') },
      PARTITIONS,
    );
    const instances = await Promise.all(Array.from({ length: INSTANCES }, () => namespace.begin()));

    let isOver = false;
    const feeding = (async () => {
      while (!isOver && feed.left > 0) {
        await feed.send((RECORDS_A_SECOND * FEED_EVERY_MS) / 1_000);
        await sleep(FEED_EVERY_MS);
      }
    })();
    const rates = { before: [] as number[], during: [] as number[], after: [] as number[] };
    let phase: keyof typeof rates = 'before';
    const measuring = (async () => {
      for (let last = { at: Date.now(), count: takenIn(positions) }; !isOver;) {
        await sleep(1_000);
        const now = { at: Date.now(), count: takenIn(positions) };
        rates[phase].push(((now.count - last.count) * 1_000) / (now.at - last.at));
        last = now;
      }
    })();
    const takeovers: number[] = [];
    const until = Date.now() + SECONDS * 1_000;
    await sleep(5_000);
    while (Date.now() < until) {
      const [victim] = instances.splice(Math.floor(random() * instances.length), 1);
      phase = 'during';
      const killedAt = Date.now();
      victim?.child.kill('SIGKILL');
      // One that joins while the dead one is still a member, or once it has been missed.
      if (random() < 0.5) instances.push(await namespace.begin());
      await eventually('every partition is worked on again', () => worksSince(positions, killedAt));
      takeovers.push(Date.now() - killedAt);
      phase = 'after';
      while (instances.length < INSTANCES) instances.push(await namespace.begin());
      await sleep(random() * 4_000);
    }
    isOver = true;
    await Promise.all([feeding, measuring]);
    console.log(`${takeovers.length} takeovers in ms: ${takeovers.join(', ')}; ${feed.sent} records sent`);
    console.log(`before: ${summary(rates.before)}; during: ${summary(rates.during)}; after: ${summary(rates.after)}`);
    expect(takeovers.length).toBeGreaterThan(0);
    await progress.caughtUp();
    await namespace.finish(instances);
    await namespace.expectTables(records.slice(0, feed.sent));
  });
});

/** Whether every partition's position of stage 1 has moved after what was read at that time can have been committed. */
function worksSince(positions: Positions, since: number): boolean {
  const combining = [...positions].filter(([key]) => key.startsWith('combine|'));
  return combining.length === PARTITIONS && combining.every(([, { movedAt }]) => movedAt > since + 1_000);
}

/** The recorded market as many times as it takes for so many records, each time with coins of its own. */
function marketFor(random: () => number, count: number): readonly SourceRecord[] {
  const market = recordedRecords(disorderlyMarket(random));
  const copies = Array.from({ length: Math.ceil(count / market.length) }, (_, copy) =>
    market.map((record) => {
      const id = `${String(record.key)}-${copy}`;
      const quote = JSON.parse(String(record.value)) as object;
      return { ...record, key: Buffer.from(id), value: Buffer.from(JSON.stringify({ ...quote, id })) };
    }),
  );
  return market.flatMap((_, index) => copies.map((copy) => copy[index]!));
}
