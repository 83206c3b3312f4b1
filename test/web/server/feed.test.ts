import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PulseError } from '../../../src/errors.ts';
import { openLmdbView } from '../../../src/state/lmdb/lmdb-view.ts';
import type { ViewIdentity, ViewStore } from '../../../src/state/view-store.ts';
import type { Log, TopicPartition } from '../../../src/streams/log/log.ts';
import { createMemoryLog } from '../../../src/streams/log/memory/memory-log.ts';
import { topicSpecs } from '../../../src/streams/topics.ts';
import { MarketFeeder } from '../../support/web/market-feeder.ts';
import { sampleTicks } from '../../support/web/sample-ticks.ts';
import { ready, until, WebHarness } from '../../support/web/web-harness.ts';

const HOUR_MS = 3_600_000;
const ticks = sampleTicks();
const begin = ticks[0]!.at;
const hours = (from: number, to: number) =>
  ticks.filter(({ at }) => at >= begin + from * HOUR_MS && at < begin + to * HOUR_MS);

let harness: WebHarness;
beforeEach(async () => {
  harness = await WebHarness.create();
});
afterEach(() => harness.close());

interface Coins {
  readonly coins: readonly { readonly coin: string; readonly price: number; readonly ts: number }[];
}
const coinsOf = async (url: string): Promise<Coins['coins']> =>
  ((await (await fetch(`${url}/api/coins`)).json()) as Coins).coins;

/** The log, and from where each tail of it began. */
function watched(log: Log): { readonly log: Log; readonly tails: (TopicPartition & { readonly offset: number })[][] } {
  const tails: (TopicPartition & { readonly offset: number })[][] = [];
  const spied: Log = {
    ...log,
    tail(from, signal) {
      tails.push([...from]);
      return log.tail(from, signal);
    },
  };
  return { log: spied, tails };
}

const stored =
  (path: string, told: string[] = []) =>
  (identity: ViewIdentity): Promise<ViewStore> =>
    openLmdbView({ path, identity, onDiscard: (why) => told.push(why) });

describe('a server that is started again', () => {
  it('goes on from the positions of its view, and shows the same', async () => {
    const openView = stored(join(harness.folder(), 'view'));
    await harness.feeder.publish(hours(0, 30));
    const first = await harness.serve({ openView });
    await ready(first.url);
    const before = await coinsOf(first.url);
    await first.close();
    const { log, tails } = watched(harness.log);
    await harness.feeder.publish(hours(30, 31));
    const second = await harness.serve({ openView, log });
    await ready(second.url);
    const read = await Promise.all(tails[0]!.map(async (at) => (await log.bounds(at)).end - at.offset));
    // 30 coins: a Silver row and a feature row each, and a mover.
    expect(read.reduce((sum, count) => sum + count, 0)).toBe(90);
    const after = await coinsOf(second.url);
    expect(before.map(({ coin }) => coin)).toEqual(after.map(({ coin }) => coin));
    for (const { coin, price } of after) expect(price).toBe(harness.feeder.tables.mover(coin)['price']);
  });

  it('shows what its view holds before the log says anything', async () => {
    const openView = stored(join(harness.folder(), 'view'));
    await harness.feeder.publish(hours(0, 30));
    const first = await harness.serve({ openView });
    await ready(first.url);
    const before = await coinsOf(first.url);
    await first.close();
    const silent: Log = { ...harness.log, tail: async function* () {} };
    const second = await harness.serve({ openView, log: silent });
    expect(await coinsOf(second.url)).toEqual(before);
  });

  it('rebuilds a view of another log', async () => {
    const path = join(harness.folder(), 'view');
    const told: string[] = [];
    await harness.feeder.publish(hours(0, 3));
    const first = await harness.serve({ openView: stored(path, told) });
    await ready(first.url);
    await first.close();
    const log = createMemoryLog();
    const feeder = new MarketFeeder(log);
    await feeder.createTopics();
    await feeder.publish([{ coin: 'only', at: begin, price: 2, volume: 1 }]);
    const second = await harness.serve({ openView: stored(path, told), log });
    await ready(second.url);
    expect(told.join()).toMatch(/rebuilt/);
    expect((await coinsOf(second.url)).map(({ coin }) => coin)).toEqual(['only']);
    await second.close();
    await log.close();
  });

  it.each([0, 9])('rebuilds a view whose topics were made anew, and have %d hours now: fewer or more', async (anew) => {
    const openView = stored(join(harness.folder(), 'view'));
    await harness.feeder.publish(hours(0, 3));
    const first = await harness.serve({ openView });
    await ready(first.url);
    await first.close();
    const { topics } = harness.log;
    await topics.remove(topicSpecs('', 2).map(({ name }) => name));
    const feeder = new MarketFeeder(harness.log);
    await feeder.createTopics();
    await feeder.publish(hours(20, 20 + anew));
    const second = await harness.serve({ openView });
    await ready(second.url);
    expect(harness.warnings.join()).toMatch(/is of a \S+ that was removed and made anew: it is rebuilt from the log/);
    const coins = await coinsOf(second.url);
    expect(coins).toHaveLength(anew === 0 ? 0 : 30);
    for (const { coin } of coins) {
      const { rows } = (await (await fetch(`${second.url}/api/prices/${coin}`)).json()) as { rows: { ts: string }[] };
      expect(rows.map(({ ts }) => Date.parse(ts) - begin).filter((after) => after < 20 * HOUR_MS)).toEqual([]);
    }
  });
});

describe('the feed of a view', () => {
  it('waits for topics that are not there, and says so', async () => {
    const bare = await WebHarness.create({ topics: false });
    const { url } = await bare.serve();
    const { status, source } = { status: await fetch(`${url}/readyz`), source: await bare.page(url).snapshot() };
    expect(status.status).toBe(503);
    expect(source.status.view).toMatchObject({ state: 'waiting', message: expect.stringMatching(/ingest/) as string });
    await bare.feeder.createTopics();
    await bare.feeder.publish(hours(0, 1));
    await ready(url);
    expect(await coinsOf(url)).toHaveLength(30);
    await bare.close();
  });

  it('counts records that it can’t show, says why once a batch, and shows the others', async () => {
    const { feeder } = harness;
    const bad = ['{', '[]', '{}', '{"coin_id":"x","ts":"2023","price":1}', '{"coin_id":"x","ts":null,"price":"1"}'];
    await feeder.append(
      ...bad.map((value) => feeder.record('pulse.features_hourly', 'x', 'x|2023-12-01T00:00:00.000Z', value)),
      feeder.record('pulse.features_hourly', 'x', 'x'.repeat(3000), '{}'),
      feeder.record('pulse.tasks', 'x', 'ingest|x', '{"kind":"neither"}'),
    );
    await feeder.publish(hours(0, 1));
    const { url } = await harness.serve();
    await ready(url);
    expect(await coinsOf(url)).toHaveLength(30);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/topic="pulse.features_hourly",outcome="unreadable"\} 6/);
    expect(metrics).toMatch(/topic="pulse.tasks",outcome="unreadable"\} 1/);
    expect(harness.warnings.length).toBeGreaterThanOrEqual(2);
  });

  it('tells a failing log from a silent one, and tries again', async () => {
    let isFailing = true;
    const failing: Log = {
      ...harness.log,
      tail(from, signal) {
        if (isFailing) throw new PulseError('log-corrupt', 'the log fails on purpose');
        return harness.log.tail(from, signal);
      },
    };
    await harness.feeder.publish(hours(0, 1));
    const { url } = await harness.serve({ log: failing });
    const page = harness.page(url);
    await page.until(
      () => page.heard.some(({ frame }) => frame.status?.view.message === 'the log fails on purpose'),
      'the failure is told',
    );
    isFailing = false;
    await page.until(() => page.rows.size === 30, 'the log works again');
  });

  it('reads on from the start of a topic that has lost what it stood at', async () => {
    const openView = stored(join(harness.folder(), 'view'));
    await harness.feeder.append(harness.feeder.record('pulse.dead_letters', 'x', 'x', 'bytes'));
    const first = await harness.serve({ openView });
    await ready(first.url);
    await first.close();
    for (let i = 0; i < 3; i++)
      await harness.feeder.append(harness.feeder.record('pulse.dead_letters', 'x', 'x', 'bytes'));
    for (const partition of [0, 1]) {
      const at = { topic: 'pulse.dead_letters', partition };
      const { end } = await harness.log.bounds(at);
      if (end > 0) await harness.log.purge(at, end - 1);
    }
    const second = await harness.serve({ openView });
    await ready(second.url);
    const { status } = await harness.page(second.url).snapshot();
    // One before; of the three after, two were gone before they could be counted.
    expect(status.deadLetters).toBe(2);
  });

  it('sums up the pipeline from its tasks', async () => {
    const { feeder } = harness;
    const of = (partition: number) => ({ stage: 'maintain', topic: 'pulse.partials', partition });
    await feeder.reportStage({ ...of(0), lag: 3, records: 10, commit_ms: 4 });
    await feeder.reportStage({ ...of(1), lag: 4, records: 20, commit_ms: 9 });
    await feeder.report({ source: 'simulated', reported_at: '2020-01-01T00:00:00.000Z' });
    await feeder.report({ source: 'coingecko', message: 'hello', interval_ms: 60_000 });
    const { url } = await harness.serve();
    await ready(url);
    const { status } = await harness.page(url).snapshot();
    expect(status.stages).toMatchObject([{ stage: 'maintain', tasks: 2, lag: 7, records: 30, commitMs: 9 }]);
    expect(status.source).toMatchObject({ source: 'coingecko', kind: 'observed', message: 'hello' });
    await feeder.append(feeder.record('pulse.tasks', 'ingest|coingecko', 'ingest|coingecko', null));
    await until(async () => {
      const now = (await (await fetch(`${url}/api/status`)).json()) as typeof status;
      return now.source?.source === 'simulated';
    }, 'the report is withdrawn');
  });
});
