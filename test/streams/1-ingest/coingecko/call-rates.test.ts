import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../../../src/streams/1-ingest/coingecko/backoff.ts';
import { marketsQueries } from '../../../../src/streams/1-ingest/coingecko/markets-query.ts';
import { effectiveIntervalMs } from '../../../../src/streams/1-ingest/coingecko/poll-interval.ts';
import { RateLimiter } from '../../../../src/streams/1-ingest/coingecko/rate-limiter.ts';
import { retryAfterMs } from '../../../../src/streams/1-ingest/coingecko/retry-after.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { finish } from '../support/finish.ts';
import { until } from '../support/until.ts';

const never = new AbortController().signal;
const NOW = Date.parse('2025-06-01T00:00:00Z');

describe('the effective poll interval', () => {
  const budget = {
    configuredMs: 60_000,
    callsPerPoll: 1,
    callsPerMinute: 30,
    callsPerMonth: Infinity,
    reservedCalls: 0,
  };

  it('is the configured one where nothing is against it', () => {
    expect(effectiveIntervalMs(budget)).toBe(60_000);
  });

  it('makes the calls of a month last for its 31 days', () => {
    const interval = effectiveIntervalMs({ ...budget, callsPerMonth: 10_000 });
    expect(interval).toBe(267_840);
    expect((31 * 86_400_000) / interval).toBeLessThanOrEqual(10_000);
    expect(effectiveIntervalMs({ ...budget, callsPerMonth: 10_000, callsPerPoll: 4 })).toBe(4 * 267_840);
    expect(effectiveIntervalMs({ ...budget, callsPerMonth: 10_000, configuredMs: 300_000 })).toBe(300_000);
  });

  it('keeps clear of the calls that are for something else, but never gives up half', () => {
    expect(effectiveIntervalMs({ ...budget, callsPerMonth: 10_000, reservedCalls: 1000 })).toBe(297_600);
    expect(effectiveIntervalMs({ ...budget, callsPerMonth: 100, reservedCalls: 1000 })).toBe(53_568_000);
  });

  it('makes no more calls a minute than are allowed', () => {
    expect(effectiveIntervalMs({ ...budget, callsPerMinute: 5, configuredMs: 1000, callsPerPoll: 2 })).toBe(24_000);
  });
});

describe('RateLimiter', () => {
  it('lets so many calls start in any minute, in the order in which they ask', async () => {
    const clock = new ManualClock(NOW);
    const limiter = new RateLimiter(clock, 2);
    const starts: (readonly [number, number])[] = [];
    const calls = Promise.all(
      Array.from({ length: 5 }, async (_, i) => {
        await limiter.acquire(never);
        starts.push([i, clock.now() - NOW]);
      }),
    );
    await until(() => starts.length === 2);
    clock.advance(10_000);
    await finish(clock, calls);
    expect(starts).toEqual([
      [0, 0],
      [1, 0],
      [2, 60_000],
      [3, 60_000],
      [4, 120_000],
    ]);
  });

  it('holds all calls back while it is paused', async () => {
    const clock = new ManualClock(NOW);
    const limiter = new RateLimiter(clock, 5);
    limiter.pause(7000);
    limiter.pause(3000);
    const { waits } = await finish(clock, limiter.acquire(never));
    expect(waits).toEqual([7000]);
  });

  it('lets the next one go when one that waits is stopped', async () => {
    const clock = new ManualClock(NOW);
    const limiter = new RateLimiter(clock, 1);
    const stop = new AbortController();
    await limiter.acquire(never);
    const stopped = limiter.acquire(stop.signal);
    const next = limiter.acquire(never);
    stop.abort();
    await stopped;
    expect((await finish(clock, next)).waits).toEqual([60_000]);
  });
});

describe('backoff', () => {
  it('takes a random part of a span that doubles up to a minute', () => {
    const longest = [0, 1, 2, 5, 6, 20].map((retry) => backoffMs(retry, () => 1));
    expect(longest).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000]);
    expect(backoffMs(3, () => 0)).toBe(0);
    expect(backoffMs(3, () => 0.25)).toBe(2000);
  });
});

describe('Retry-After', () => {
  it.each([
    ['119', 119_000],
    [' 0 ', 0],
    ['Sun, 01 Jun 2025 00:00:42 GMT', 42_000],
    ['Sunday, 01-Jun-25 00:00:42 GMT', 42_000],
    ['Sun Jun  1 00:00:42 2025 GMT', 42_000],
    ['Sat, 31 May 2025 23:59:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['2025', 2_025_000],
    ['', undefined],
    [null, undefined],
  ])('%j means %j ms', (header, expected) => {
    expect(retryAfterMs(header, NOW)).toBe(expected);
  });
});

describe('the calls of a poll', () => {
  const params = (query: string): Record<string, string> => Object.fromEntries(new URLSearchParams(query));

  it('are one page for coins by name, without repetitions and whatever they are called', () => {
    const queries = marketsQueries({ kind: 'ids', ids: ['bitcoin', 'a b', '-2', 'bitcoin', 'x&y=z'] }, 'usd');
    expect(queries.map(params)).toEqual([
      {
        vs_currency: 'usd',
        order: 'market_cap_desc',
        sparkline: 'false',
        per_page: '250',
        page: '1',
        ids: 'bitcoin,a b,-2,x&y=z',
      },
    ]);
  });

  it('are more where a page or an address would not hold the coins', () => {
    const ids = Array.from({ length: 600 }, (_, i) => `coin-${i}`);
    const queries = marketsQueries({ kind: 'ids', ids }, 'usd');
    expect(queries).toHaveLength(3);
    expect(queries.flatMap((query) => params(query)['ids']?.split(','))).toEqual(ids);
    const long = ids.map((id) => id.padEnd(80, 'x'));
    const longer = marketsQueries({ kind: 'ids', ids: long }, 'usd');
    for (const query of longer) expect(query.length).toBeLessThan(7200);
    expect(longer.flatMap((query) => params(query)['ids']?.split(','))).toEqual(long);
  });

  it.each([
    [1, ['1']],
    [250, ['250']],
    [251, ['126', '126']],
    [1000, ['250', '250', '250', '250']],
  ])('are equal pages for the top %i', (count, sizes) => {
    const queries = marketsQueries({ kind: 'top', count }, 'eur').map(params);
    expect(queries.map(({ per_page }) => per_page)).toEqual(sizes);
    expect(queries.map(({ page }) => page)).toEqual(sizes.map((_, i) => String(i + 1)));
    expect(queries[0]).toMatchObject({ vs_currency: 'eur', order: 'market_cap_desc' });
  });
});
