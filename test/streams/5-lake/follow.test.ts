import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { runSink } from '../../../src/streams/5-lake/sink/run-sink.ts';
import { HOURS_TOPIC, PARTITIONS } from '../../support/lake/hour-records.ts';
import { hoursBuffer, hoursTable, LakeWorld } from '../../support/lake/lake-world.ts';
import { ManualTime } from '../../support/manual-time.ts';
import { until } from '../../support/web/web-harness.ts';

const INTERVAL_MS = 60_000;
const hour = (n: number) => {
  const ts = new Date(Date.UTC(2023, 11, 1, n)).toISOString();
  const row = { coin_id: 'bitcoin', ts, price: 1, market_cap: null, n, final: true };
  return { topic: HOURS_TOPIC, partition: n % PARTITIONS, key: `bitcoin|${ts}`, value: JSON.stringify(row) };
};

/** A sink at work, at a time that is put forward by hand. */
class Following {
  readonly world = new LakeWorld(seededRandom('follow'), hoursTable, hoursBuffer);
  readonly clock = new ManualTime();
  readonly #ending = new AbortController();
  #run: Promise<unknown> = Promise.resolve();

  async start(flushRows: number): Promise<void> {
    const { world, clock } = this;
    await world.log.topics.ensure([{ name: HOURS_TOPIC, partitions: PARTITIONS, cleanup: { kind: 'compact' } }]);
    const common = { topic: HOURS_TOPIC, partitions: PARTITIONS, prepare: () => Promise.resolve() };
    const spec = { ...common, table: hoursTable, createBuffer: hoursBuffer };
    const policy = { intervalMs: INTERVAL_MS, rows: flushRows, bytes: Infinity };
    const run = { log: world.log, spec, policy, delta: world.delta(), clock };
    this.#run = runSink({ ...run, untilCaughtUp: false, onNotice: () => undefined }, this.#ending.signal);
    await until(() => clock.pending > 0, 'it follows');
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#run;
  }

  rows = async (): Promise<readonly unknown[]> => (await this.world.at()).rows.map(({ n }) => n);
  version = async (): Promise<number> => (await this.world.open()).snapshot.version;

  /** Resolves when whatever is under way has had its time. */
  settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));
}

describe('a sink that follows its topic', () => {
  it('commits what has come when the interval is over, and no version where nothing has', async () => {
    const following = new Following();
    await following.start(100);
    const before = await following.version();
    await following.world.append([hour(1), hour(2)]);
    following.clock.advance(INTERVAL_MS - 1);
    await following.settled();
    expect(await following.rows()).toEqual([]);
    following.clock.advance(1);
    await until(async () => (await following.rows()).length === 2, 'the rows are there');
    expect(await following.version()).toBe(before + 1);
    for (let intervals = 0; intervals < 3; intervals++) {
      await until(() => following.clock.pending > 0, 'it waits again');
      following.clock.advance(INTERVAL_MS);
      await following.settled();
    }
    expect(await following.version()).toBe(before + 1);
    await following.stop();
  });

  it('commits at once when so many rows have come', async () => {
    const following = new Following();
    await following.start(2);
    await following.world.append([hour(1), hour(2), hour(3)]);
    await until(async () => (await following.rows()).length >= 2, 'two rows are there');
    await following.stop();
  });

  it('commits what it has read when it is told to end', async () => {
    const following = new Following();
    await following.start(100);
    await following.world.append([hour(1)]);
    await following.settled();
    expect(await following.rows()).toEqual([]);
    await following.stop();
    expect(await following.rows()).toEqual([1]);
  });
});
