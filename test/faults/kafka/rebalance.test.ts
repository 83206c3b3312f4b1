import { describe, expect, inject, it } from 'vitest';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { disorderlyMarket } from '../../support/disorderly-market.ts';
import { recordedRecords } from '../../support/oracle/recorded-records.ts';
import type { SourceRecord } from '../../support/oracle/source-record.ts';
import { eventually } from './support/eventually.ts';
import { KafkaNamespace } from './support/kafka-namespace.ts';
import { SourceFeed } from './support/source-feed.ts';
import { tasksOf } from './support/task-owners.ts';
import { watchProgress } from './support/watch-progress.ts';

const TASKS = 8;
/** At each of them one of an hour's four ticks was seen. */
const MINUTES = [0, 20, 40, 59] as const;

/** The ticks of every hour that were seen in that minute of it. */
const seenIn = (records: readonly SourceRecord[], minute: number): readonly SourceRecord[] =>
  records.filter(({ headers }) => new Date(headers['observed_at'] ?? '').getUTCMinutes() === minute);

describe('partitions that move while hours are half full', () => {
  it('leave the tables of a batch job, whether an instance joined or left', async () => {
    const seed = String(Date.now());
    console.log(`rebalance seed ${seed}`);
    const records = recordedRecords(disorderlyMarket(seededRandom(seed), 2));
    const ordered = MINUTES.flatMap((minute) => seenIn(records, minute));
    expect(ordered.length).toBe(records.length);
    const namespace = await KafkaNamespace.create({ brokers: inject('kafkaBrokers'), name: 'rebalance' });
    const topic = namespace.topic('coingecko.markets');
    const feed = await SourceFeed.open({ brokers: namespace.brokers, topic, records: ordered });
    const progress = await watchProgress(namespace);
    const sendMinute = async (minute: number): Promise<void> => {
      await feed.send(seenIn(records, minute).length);
      await progress.caughtUp();
    };

    const first = await namespace.begin();
    await sendMinute(0);
    await sendMinute(20);
    await namespace.expectTables(ordered.slice(0, feed.sent));
    await eventually('the first has all', async () => (await tasksOf(namespace, first.child.pid)) === TASKS);

    const second = await namespace.begin();
    await sendMinute(40);
    await namespace.expectTables(ordered.slice(0, feed.sent));
    const halves = async (): Promise<boolean> =>
      (await tasksOf(namespace, second.child.pid)) === TASKS / 2 &&
      (await tasksOf(namespace, first.child.pid)) === TASKS / 2;
    await eventually('each has half', halves);

    first.child.kill('SIGTERM');
    expect(await first.ended).toMatchObject({ code: 0 });
    await sendMinute(59);
    await eventually('the second has all', async () => (await tasksOf(namespace, second.child.pid)) === TASKS);
    await namespace.expectTables(records);
    second.child.kill('SIGTERM');
    expect(await second.ended).toMatchObject({ code: 0 });
  });
});
