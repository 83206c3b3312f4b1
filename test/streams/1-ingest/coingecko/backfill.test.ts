import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CoingeckoWorld, NOW } from '../support/coingecko-world.ts';
import { crashingLog } from '../support/crashing-log.ts';
import { fixture } from '../support/fixtures.ts';
import { ingested, latest } from '../support/ingested.ts';
import { answer, type PlayedRequest, type Reply } from '../support/played-server.ts';
import { coingeckoAccess } from '../../../../src/streams/1-ingest/coingecko/access.ts';

const HOUR = 3_600_000;

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

const element = (id: string, market_cap: number | null): object => ({
  ...{
    id,
    symbol: id.slice(0, 3),
    name: id.toUpperCase(),
    current_price: 1,
    market_cap,
    last_updated: new Date(NOW).toISOString(),
  },
});
const coins = JSON.stringify([
  element('small', 1),
  element('none', null),
  element('large', 1e12),
  element('middle', 1e6),
]);
const byMarketCap = ['large', 'middle', 'small', 'none'];

const chart = JSON.stringify({ prices: [-3, -2, -1].map((hours) => [NOW + hours * HOUR - 9 * 60_000, 2]) });

const coinOf = ({ url }: PlayedRequest): string | undefined => /\/coins\/([^/]+)\/market_chart/u.exec(url)?.[1];
const charts = (): readonly (string | undefined)[] =>
  world.server.requests.map(coinOf).filter((id) => id !== undefined);

/** Answers polls with the coins, and charts with the chart or what is given for a coin. */
function serve(others: Readonly<Record<string, Reply>> = {}): void {
  world.server.playBy((request) => {
    const coin = coinOf(request);
    return coin === undefined ? answer(200, coins) : (others[coin] ?? answer(200, chart));
  });
}

const isOver = (): boolean => world.said.some((text) => /^Backfilled|given up/u.test(text));
const backfilled = async (): Promise<readonly (string | null)[]> =>
  (await ingested(world.log)).filter(({ headers }) => headers['source'] === 'backfill').map(({ key }) => key);

describe('a backfill', () => {
  it('publishes the past of each coin, the largest first, with its own time in a header', async () => {
    serve();
    const running = world.source({ backfillDays: 4 }).run(stop.signal);
    await world.until(() => isOver());
    expect(charts()).toEqual(byMarketCap);
    expect(world.server.requests[1]?.url).toBe('/api/v3/coins/large/market_chart?vs_currency=usd&days=4');
    const found = (await ingested(world.log)).filter(
      ({ key, headers }) => key === 'large' && headers['source'] === 'backfill',
    );
    expect(found.map(({ value }) => JSON.parse(value) as object)).toEqual(
      [-3, -2, -1].map((hours) => ({
        ...{ id: 'large', symbol: 'lar', name: 'LARGE', current_price: 2, market_cap: null, total_volume: null },
        last_updated: new Date(NOW - 10 * 60_000 + hours * HOUR - 1).toISOString(),
      })),
    );
    for (const { headers } of found) {
      expect(Date.parse(headers['observed_at']!)).toBeGreaterThanOrEqual(NOW);
      expect(headers['fetched_at']).toBe(headers['observed_at']);
      expect(headers['point_at']).toMatch(/:01:00\.000Z$/u);
    }
    expect(await latest(world.log, 'pulse.positions', 'backfill|large')).toMatchObject({
      coin: 'large',
      days: 4,
      records: 3,
    });
    stop.abort();
    expect(await running).toEqual({ kind: 'stopped', records: 16 });
    expect(world.said).toEqual(['Backfilled 4 of 4 coins, with 12 records.']);
  });

  it('goes on when a coin fails, says which, and asks again only for that one next time', async () => {
    serve({
      middle: answer(404, '{"error":"Could not find coin with the given id"}'),
      small: answer(200, '{"prices":null}'),
    });
    const first = new AbortController();
    const running = world.source({ backfillDays: 4 }).run(first.signal);
    await world.until(() => isOver());
    first.abort();
    await running;
    expect(new Set(await backfilled())).toEqual(new Set(['large', 'none']));
    expect(world.said.join('\n')).toMatch(
      /No backfill of middle: .*Could not find coin[^]*No backfill of small: its chart holds no points/u,
    );
    world.server.requests.length = 0;
    world.said.length = 0;
    serve();
    const again = world.source({ backfillDays: 4 }).run(stop.signal);
    await world.until(() => isOver());
    expect(charts()).toEqual(['middle', 'small']);
    expect(await backfilled()).toHaveLength(12);
    stop.abort();
    await again;
  });

  it('goes on however many coins CoinGecko does not know', async () => {
    const unknown = answer(404, '{"error":"coin not found"}');
    serve({ large: unknown, middle: unknown, small: unknown });
    const running = world.source({ backfillDays: 4 }).run(stop.signal);
    await world.until(() => isOver());
    expect(await backfilled()).toEqual(['none', 'none', 'none']);
    stop.abort();
    await running;
  });

  it('is done again for a coin where more days are wanted', async () => {
    serve();
    for (const [days, asked] of [
      [4, 4],
      [2, 0],
      [30, 4],
    ] as const) {
      const turn = new AbortController();
      world.server.requests.length = 0;
      world.reports.length = 0;
      const running = world.source({ backfillDays: days }).run(turn.signal);
      await world.until(() => world.lastReport?.last_success_at != null && charts().length >= asked);
      await world.until(() => world.lastReport?.progress === null);
      turn.abort();
      await running;
      expect(charts()).toHaveLength(asked);
    }
  });

  it('publishes no coin twice when it dies at any commit', async () => {
    for (const isDone of [false, true]) {
      for (let at = 1; at <= 4; at++) {
        const { log } = world;
        serve();
        const dying = world.source({ backfillDays: 4, log: crashingLog(log, at, isDone) }).run(stop.signal);
        await expect(dying).rejects.toThrow(`commit ${at}`);
        const turn = new AbortController();
        const running = world.source({ backfillDays: 4 }).run(turn.signal);
        let found = 0;
        while (found < 12) {
          const reports = world.reports.length;
          await world.until(() => world.reports.length > reports + 3);
          found = (await backfilled()).length;
        }
        turn.abort();
        await running;
        expect((await backfilled()).toSorted()).toEqual(byMarketCap.flatMap((id) => [id, id, id]).toSorted());
        await world.server.close();
        world = await CoingeckoWorld.begin();
      }
    }
  });

  it('is given up after refusals on end, and the polls go on', async () => {
    const refusal = answer(401, '{"error":{"status":{"error_code":10012,"error_message":"time range"}}}');
    serve({ large: refusal, middle: refusal, small: refusal });
    const running = world.source({ backfillDays: 90 }).run(stop.signal);
    await world.until(() => world.said.some((text) => text.includes('given up')));
    expect(charts()).toEqual(['large', 'middle', 'small']);
    const polls = world.server.requests.length;
    await world.until(() => world.server.requests.length > polls);
    expect(world.lastReport).toMatchObject({ state: 'running', progress: null, message: null });
    stop.abort();
    await running;
  });

  it('keeps to the rate limit together with the polls, and says how far it is', async () => {
    serve();
    const access = { ...coingeckoAccess({ plan: 'free', baseUrl: world.server.baseUrl }), callsPerMinute: 2 };
    const times: number[] = [];
    const running = world.source({ backfillDays: 4, access }).run(stop.signal);
    await world.until(() => {
      while (times.length < world.server.requests.length) times.push(world.clock.now());
      return charts().length === 4;
    });
    for (let i = 2; i < times.length; i++) expect(times[i]! - times[i - 2]!).toBeGreaterThanOrEqual(50_000);
    const messages = new Set(world.reports.map(({ message }) => message));
    expect(messages).toContain('Backfilling the past: 1 of 4 coins.');
    stop.abort();
    await running;
  });

  it('stops at once when it is stopped', async () => {
    serve({ large: { kind: 'silence' } });
    const running = world.source({ backfillDays: 4 }).run(stop.signal);
    await world.until(() => charts().length === 1);
    stop.abort();
    expect(await running).toEqual({ kind: 'stopped', records: 4 });
  });

  it('takes a real chart', async () => {
    serve({ large: answer(200, fixture('charts/iamgnnr_bitcoin_chart_7d_hourly.json')) });
    const running = world.source({ backfillDays: 7 }).run(stop.signal);
    await world.until(() => isOver());
    expect((await backfilled()).filter((key) => key === 'large')).toHaveLength(169);
    stop.abort();
    await running;
  });

  it.each([91, -1, NaN])('is not to be had for %d days', (backfillDays) => {
    expect(() => world.source({ backfillDays })).toThrow(/0 to 90/u);
  });
});
