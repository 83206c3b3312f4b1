import { Kafka, logLevel } from 'kafkajs';
import { describe, expect, inject, it } from 'vitest';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { openKafkaLog } from '../../../src/streams/log/kafka/kafka-log.ts';
import { disorderlyMarket } from '../../support/disorderly-market.ts';
import { expectEqualTable } from '../../support/equal-tables.ts';
import { expectFailure } from '../../support/expect-failure.ts';
import { oracleTables } from '../../support/oracle/oracle-tables.ts';
import { recordedRecords } from '../../support/oracle/recorded-records.ts';
import { type Ended, pulse, readTopic, startPulse, temporaryFolder } from '../../support/pulse.ts';
import { pulseSucceeds } from '../../support/pulse-succeeds.ts';
import { pageOf } from '../../support/page.ts';
import { recordedBodies } from '../../support/recorded-bodies.ts';
import { settled, steered } from '../../support/steered-timelapse.ts';
import { tableBytes } from '../../support/table-bytes.ts';
import { killedLive } from '../support/killed-live.ts';

const DAYS = 3;
/** Three days in two seconds or more: live is at it while they come. */
const PACE = '120000';
const tables = [
  ['pulse.prices_hourly', 'silver'],
  ['pulse.features_hourly', 'features'],
  ['pulse.top_movers_24h', 'movers'],
] as const;

describe('a replay on a cluster', { timeout: 600_000 }, () => {
  it('equals live, from the topic and from Bronze, either killed on the way; promoted, it takes live’s place', async () => {
    const live = `replayed-${process.pid}`;
    const env = {
      ...{ KAFKA_BROKERS: inject('kafkaBrokers').join(), PULSE_NAMESPACE: live, PULSE_DATA_DIR: temporaryFolder() },
      PULSE_COMMIT_RECORDS: '500',
    };
    const succeeds = (...args: readonly string[]): Promise<Ended> => pulseSucceeds(args, env);
    const seed = String(Date.now());
    console.log(`seed ${seed}`);
    const file = disorderlyMarket(seededRandom(seed), DAYS);
    const bodies = recordedBodies();
    const all = [...recordedRecords(file), ...recordedRecords(bodies)];
    const whole = oracleTables(all);
    const expectTables = async (namespace: string, wanted = whole): Promise<void> => {
      for (const [topic, table] of tables)
        expectEqualTable(
          await readTopic(topic, ['--latest-per-key'], { ...env, PULSE_NAMESPACE: namespace }),
          wanted[table],
        );
    };
    const log = await openKafkaLog({ brokers: inject('kafkaBrokers') });
    const paced = ['ingest', '--source', 'recorded', '--file', file, '--speed', PACE];
    const { taken, ingested } = await killedLive(log, paced, env);
    expect(ingested, ingested.stderr).toMatchObject({ code: 0 });
    expect(taken).toBeLessThan(recordedRecords(file).length);
    await succeeds('ingest', '--source', 'recorded', '--file', bodies);
    await succeeds('process', '--until-caught-up');
    await succeeds('sink', '--until-caught-up');

    const killed = startPulse(['replay', '--no-lake'], env);
    await killed.said(/replaying/);
    await new Promise((wake) => setTimeout(wake, 400));
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect((await succeeds('replay', '--no-lake', '--diff')).stdout).toContain('the tables are equal');
    await expectTables(`${live}-replay`);

    // What the topic sheds is in Bronze.
    await shed(`${live}.coingecko.markets`);
    await succeeds('replay', '--namespace', `${live}-bronze`, '--diff');
    await expectTables(`${live}-bronze`);

    const bytes = await tableBytes(log, live);
    for (const rebuilt of [`${live}-replay`, `${live}-bronze`]) expect(await tableBytes(log, rebuilt)).toEqual(bytes);
    await log.close();

    const beside = startPulse(['process'], env);
    await beside.said(/processing/);
    expectFailure(
      await pulse(['replay', 'promote', `${live}-replay`], env),
      1,
      /another process works on the namespace/,
    );
    beside.child.kill('SIGINT');
    await beside.ended;
    await spoil(`${live}.pulse.prices_hourly`);
    await succeeds('process', '--rebuild', '--until-caught-up');
    expect(await pulse(['diff', live, `${live}-replay`], env)).toMatchObject({ code: 1 });
    await succeeds('replay', 'promote', `${live}-replay`);
    expect((await succeeds('diff', live, `${live}-replay`)).stdout).toContain('the tables are equal');
    await expectTables(live);
  });
});

describe('a time-lapse on a cluster', () => {
  it('is sent ahead and back: its topics are removed and made anew, and hold the quotes of that time', async () => {
    const live = `lapsed-${process.pid}`;
    const env = {
      KAFKA_BROKERS: inject('kafkaBrokers').join(),
      PULSE_NAMESPACE: live,
      PULSE_DATA_DIR: temporaryFolder(),
    };
    const seed = String(Date.now());
    console.log(`seed ${seed}`);
    const file = disorderlyMarket(seededRandom(seed), 1);
    expect(await pulse(['ingest', '--source', 'recorded', '--file', file], env)).toMatchObject({ code: 0 });
    const played = startPulse(['replay', '--speed', '60', '--no-lake'], env);
    const timelapse = steered(await pageOf(played));
    await timelapse.wish({ kind: 'pause', isPaused: true });
    for (const hours of [15, 7.5]) {
      const to = Date.parse('2023-12-01T00:00:00Z') + hours * 3_600_000;
      await timelapse.wish({ kind: 'seek', to });
      await timelapse.is(({ state, at }) => state === 'playing' && at === to);
      const seen = recordedRecords(file).filter(({ headers }) => Date.parse(headers['observed_at'] ?? '') <= to);
      await settled(timelapse, seen.length);
      const wanted = oracleTables(seen);
      for (const [topic, table] of tables)
        expectEqualTable(
          await readTopic(topic, ['--latest-per-key'], { ...env, PULSE_NAMESPACE: `${live}-timelapse` }),
          wanted[table],
        );
    }
    played.child.kill('SIGINT');
    expect(await played.ended).toMatchObject({ code: 0 });
  });
});

const kafka = (): Kafka => new Kafka({ brokers: [...inject('kafkaBrokers')], logLevel: logLevel.NOTHING });

/** Removes the first half of every partition, as retention would. */
async function shed(topic: string): Promise<void> {
  const admin = kafka().admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  const half = offsets.map(({ partition, high }) => ({ partition, offset: String(Math.floor(Number(high) / 2)) }));
  await admin.deleteTopicRecords({ topic, partitions: half });
  await admin.disconnect();
}

/** A row of a coin that there is not. */
async function spoil(topic: string): Promise<void> {
  const producer = kafka().producer();
  await producer.connect();
  const at = '2023-12-01T03:00:00.000Z';
  const figures = { price: 1, open: 1, high: 1, low: 1, market_cap: null, volume: null, observations: 1 };
  const times = { open_event_ts: at, open_observed_at: at, close_event_ts: at, close_observed_at: at, observed_at: at };
  const row = { coin_id: 'ghost', ts: at, ...figures, ...times, final: false };
  await producer.send({ topic, messages: [{ partition: 0, key: `ghost|${at}`, value: JSON.stringify(row) }] });
  await producer.disconnect();
}
