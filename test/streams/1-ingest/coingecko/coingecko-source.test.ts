import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { coingeckoAccess } from '../../../../src/streams/1-ingest/coingecko/access.ts';
import { recordedSource } from '../../../../src/streams/1-ingest/recorded/recorded-source.ts';
import { CoingeckoWorld, NOW } from '../support/coingecko-world.ts';
import { bodies, fixture, fixturePath, rateLimitBody, unavailableBody } from '../support/fixtures.ts';
import { ingested, latest, PARTITIONS, recordsOf } from '../support/ingested.ts';
import { answer } from '../support/played-server.ts';
import { until } from '../support/until.ts';
import { topics } from '../../../../src/streams/topics.ts';

const KEY = 'CG-secret0123456789';

let world: CoingeckoWorld;
let stop: AbortController;
beforeEach(async () => {
  world = await CoingeckoWorld.begin();
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await world.server.close();
});

const body = (coins: Readonly<Record<string, number>>): string =>
  JSON.stringify(Object.entries(coins).map(([id, updated]) => ({ id, last_updated: new Date(updated).toISOString() })));

const report = (): Promise<unknown> => latest(world.log, 'pulse.tasks', 'ingest|coingecko');
const records = async (): Promise<readonly string[]> => (await ingested(world.log)).map(({ value }) => value);

describe('the CoinGecko source', () => {
  it('polls at its interval, publishes what changed, and says so', async () => {
    world.server.play(answer(200, fixture(bodies[0])), answer(200, fixture(bodies[1])));
    const running = world.source().run(stop.signal);
    await until(() => world.clock.waits.includes(60_000));
    expect(await records()).toHaveLength(100);
    world.clock.advance(59_999);
    expect(world.server.requests).toHaveLength(1);
    world.clock.advance(1);
    await until(() => world.clock.waits.includes(60_000));
    const second = (await records()).length;
    expect(second).toBeGreaterThan(190);
    world.clock.advance(1000);
    await until(() => world.reports.at(-1)?.records === second);
    expect(world.lastReport).toEqual({
      ...{ task: 'ingest|coingecko', kind: 'observed', source: 'coingecko', state: 'running' },
      ...{ reported_at: new Date(NOW + 61_000).toISOString(), last_success_at: new Date(NOW + 60_000).toISOString() },
      ...{
        interval_ms: 60_000,
        currency: 'usd',
        event_time: null,
        speed: null,
        records: second,
        progress: null,
        message: null,
      },
    });
    expect(world.server.requests[0]?.url).toBe(
      '/api/v3/coins/markets?vs_currency=usd&order=market_cap_desc&sparkline=false&per_page=100&page=1',
    );
    stop.abort();
    expect(await running).toEqual({ kind: 'stopped', records: second });
    expect(await report()).toMatchObject({ state: 'ended' });
    expect(await latest(world.log, 'pulse.positions', 'namespace')).toEqual({ kind: 'observed', currency: 'usd' });
  });

  it('polls no more often than a key allows, and says how often that is', () => {
    const { source } = { source: world.source({ access: coingeckoAccess({ plan: 'demo', apiKey: KEY }) }) };
    expect(source.intervalMs).toBe(267_840);
    const many = { kind: 'top', count: 1000 } as const;
    expect(world.source({ access: coingeckoAccess({ plan: 'free' }), coins: many, intervalMs: 1000 }).intervalMs).toBe(
      48_000,
    );
  });

  it('polls all pages, and cuts off what is more than wanted', async () => {
    const element = (i: number): object => ({ id: `coin-${i}`, last_updated: new Date(NOW).toISOString() });
    world.server.playBy(({ url }) => {
      const query = new URL(url, 'http://x').searchParams;
      const [size, number] = [Number(query.get('per_page')), Number(query.get('page'))];
      return answer(200, JSON.stringify(Array.from({ length: size }, (_, i) => element((number - 1) * size + i))));
    });
    const running = world.source({ coins: { kind: 'top', count: 251 } }).run(stop.signal);
    await world.until(() => world.lastReport?.records === 251);
    expect(new Set((await ingested(world.log)).map(({ key }) => key)).size).toBe(251);
    stop.abort();
    await running;
  });

  it('names the coins that CoinGecko does not know, and goes on with the others', async () => {
    world.server.play(answer(200, body({ bitcoin: NOW })));
    const coins = { kind: 'ids', ids: ['bitcoin', 'bitcion', 'x y'] } as const;
    const running = world.source({ coins }).run(stop.signal);
    await world.until(() => world.lastReport?.records === 1);
    const said = "CoinGecko knows no coin 'bitcion', 'x y'.";
    expect(world.lastReport).toMatchObject({ state: 'running', message: said });
    expect(world.said).toEqual([said]);
    stop.abort();
    await running;
  });

  it('is refused when CoinGecko knows none of the coins', async () => {
    world.server.play(answer(200, '[]'));
    const running = world.source({ coins: { kind: 'ids', ids: ['nocoin'] } }).run(stop.signal);
    await expect(running).rejects.toMatchObject({
      code: 'source-rejected',
      message: expect.stringContaining('nocoin') as string,
    });
    expect(await records()).toEqual([]);
  });

  it('goes on through an outage of any kind, and says what it is', async () => {
    world.server.play(answer(200, body({ a: NOW })));
    const running = world.source().run(stop.signal);
    await world.until(() => world.lastReport?.state === 'running');
    const outages = [
      [answer(500, '{"status":500,"error":"Internal Server Error"}'), 'Internal Server Error'],
      [{ kind: 'reset' }, 'reached'],
      [answer(200, fixture(unavailableBody)), 'temporarily unavailable'],
      [answer(429, rateLimitBody, { 'retry-after': '3' }), 'Rate Limit'],
      [answer(200, '[]'), 'no coins'],
      [answer(401, '{"status":{"error_code":10002,"error_message":"API Key Missing"}}'), 'API Key Missing'],
    ] as const;
    for (const [i, [outage, said]] of outages.entries()) {
      world.server.play(outage);
      await world.until(
        () => world.lastReport?.state === 'failing' && (world.lastReport.message?.includes(said) ?? false),
      );
      world.server.play(answer(200, body({ a: NOW + i + 1 })));
      await world.until(() => world.lastReport?.state === 'running');
      expect(world.lastReport?.message).toBeNull();
    }
    stop.abort();
    await running;
    expect(await records()).toHaveLength(1 + outages.length);
  });

  it('waits for CoinGecko when it is away from the start', async () => {
    world.server.play(answer(503, ''));
    const running = world.source().run(stop.signal);
    await world.until(() => world.lastReport?.state === 'failing');
    expect(world.lastReport?.last_success_at).toBeNull();
    expect(await latest(world.log, 'pulse.positions', 'namespace')).toBeUndefined();
    world.server.play(answer(200, body({ a: NOW })));
    await world.until(() => world.lastReport?.state === 'running');
    stop.abort();
    await running;
  });

  it('ends when CoinGecko refuses the key, which shows nowhere', async () => {
    world.server.play(answer(401, `{"status":{"error_code":10002,"error_message":"Invalid key ${KEY}"}}`));
    const access = coingeckoAccess({ plan: 'demo', apiKey: KEY, baseUrl: world.server.baseUrl });
    await expect(world.source({ access }).run(stop.signal)).rejects.toMatchObject({ code: 'source-rejected' });
    expect(world.server.requests[0]?.headers).toMatchObject({ 'x-cg-demo-api-key': KEY });
    expect(await report()).toMatchObject({
      state: 'failing',
      message: expect.stringContaining('COINGECKO_API_KEY') as string,
    });
    for (const { name } of Object.values(topics)) {
      for (let partition = 0; partition < PARTITIONS; partition++) {
        for (const { value } of await recordsOf(world.log, { topic: name, partition }))
          expect(String(value)).not.toContain(KEY);
      }
    }
    expect(JSON.stringify([world.said, world.reports])).not.toContain(KEY);
  });

  it('refuses a namespace of played quotes before it asks', async () => {
    const path = fixturePath('markets/gusgoros_coins_markets_20230102.json');
    const common = { log: world.log, namespace: '', partitions: PARTITIONS, scheduler: world.clock } as const;
    await recordedSource({ ...common, path, again: false, speed: 'max', fastForwardMs: 0 }).run(stop.signal);
    await expect(world.source().run(stop.signal)).rejects.toMatchObject({ code: 'wrong-namespace-kind' });
    expect(world.server.requests).toEqual([]);
    expect(await report()).toBeUndefined();
  });

  it('stops while it waits for an answer', async () => {
    world.server.play({ kind: 'silence' });
    const running = world.source().run(stop.signal);
    await until(() => world.server.requests.length === 1);
    stop.abort();
    expect(await running).toEqual({ kind: 'stopped', records: 0 });
  });

  it('publishes the quotes it got to see whether CoinGecko is there, without asking again', async () => {
    world.server.play(answer(200, body({ a: NOW })), answer(500, ''));
    const source = world.source();
    await source.connect(stop.signal);
    const running = source.run(stop.signal);
    await world.until(() => world.lastReport?.records === 1);
    expect(world.server.requests).toHaveLength(1);
    stop.abort();
    await running;
  });

  it('says at the first try that CoinGecko is not there', async () => {
    world.server.play(answer(503, ''));
    await expect(world.source().connect(stop.signal)).rejects.toMatchObject({ code: 'source-unavailable' });
    expect(world.server.requests).toHaveLength(1);
  });

  it('takes up after a restart what it had published', async () => {
    world.server.play(answer(200, body({ a: NOW, gone: NOW - 60_000 })));
    const first = new AbortController();
    const running = world.source().run(first.signal);
    await world.until(() => world.lastReport?.records === 2);
    first.abort();
    await running;
    world.server.play(answer(200, body({ a: NOW })));
    world.reports.length = 0;
    const again = world.source().run(stop.signal);
    await world.until(() => world.lastReport?.last_success_at != null);
    expect(await records()).toHaveLength(2);
    world.clock.advance(70 * 60_000);
    await world.until(() => (world.lastReport?.records ?? 0) >= 2);
    stop.abort();
    await again;
    const gone = (await ingested(world.log)).filter(({ key }) => key === 'gone');
    expect(gone.map(({ headers }) => headers['source'])).toEqual(['coingecko', 'coingecko']);
    expect(Date.parse(gone[1]!.headers['observed_at']!)).toBeGreaterThan(Date.parse('2023-03-20T01:10:00Z'));
  });
});
