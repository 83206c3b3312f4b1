import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { coingeckoAccess, type AccessOptions } from '../../../../src/streams/1-ingest/coingecko/access.ts';
import { CoingeckoClient } from '../../../../src/streams/1-ingest/coingecko/coingecko-client.ts';
import { RateLimiter } from '../../../../src/streams/1-ingest/coingecko/rate-limiter.ts';
import { interactions } from '../support/cassette.ts';
import { finish, type Finished } from '../support/finish.ts';
import { bodies, fixture, rateLimitBody, unavailableBody } from '../support/fixtures.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { answer, PlayedServer, type Reply } from '../support/played-server.ts';
import { until } from '../support/until.ts';

const NOW = Date.parse('2025-06-01T00:00:00Z');
const KEY = 'CG-secret0123456789';

let server: PlayedServer;
let clock: ManualClock;
beforeEach(async () => {
  server = await PlayedServer.start();
  clock = new ManualClock(NOW);
});
afterEach(() => server.close());

/** With a random number of one half always. */
function clientOf(options: Partial<AccessOptions> = {}, timeoutMs = 5000): CoingeckoClient {
  const access = coingeckoAccess({ plan: 'auto', baseUrl: server.baseUrl, ...options });
  const limiter = new RateLimiter(clock, access.callsPerMinute);
  return new CoingeckoClient({ access, limiter, scheduler: clock, random: () => 0.5, timeoutMs });
}

const never = new AbortController().signal;
const call = { signal: never, attempts: 5 };
const body = fixture(bodies[0]);

/** One call of `/coins/markets` against these replies. */
function markets(replies: readonly Reply[], client = clientOf()): Promise<Finished<{ elements: readonly Buffer[] }>> {
  server.play(...replies);
  return finish(clock, client.markets('vs_currency=usd', call));
}

async function failure(replies: readonly Reply[], client = clientOf()): Promise<Error & { code: string }> {
  const { outcome } = await markets(replies, client);
  if (outcome.status === 'fulfilled') throw new Error('it worked');
  return outcome.reason as Error & { code: string };
}

describe('a call that works', () => {
  it('gives each element with the bytes it has in a real body', async () => {
    const { outcome } = await markets([answer(200, body)]);
    if (outcome.status === 'rejected') throw outcome.reason;
    const elements = outcome.value.elements.map((element) => element.toString('utf8'));
    expect(`[${elements.join(',')}]`).toBe(body.toString('utf8'));
    expect(elements).toHaveLength(100);
  });

  it('plays a cassette of the real API', async () => {
    const [recorded] = interactions('markets_bitcoin.yml');
    const { outcome } = await markets([recorded!.reply]);
    expect(outcome).toMatchObject({ value: { fetchedAt: NOW, ageMs: 0 } });
    if (outcome.status === 'fulfilled') expect(`[${outcome.value.elements.join()}]`).toBe(recorded!.body);
  });

  it('takes a compressed body, and says how long a cache had it', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip', age: '37' };
    const { outcome } = await markets([answer(200, gzipSync(body), headers)]);
    expect(outcome).toMatchObject({ value: { ageMs: 37_000 } });
    if (outcome.status === 'fulfilled') expect(outcome.value.elements).toHaveLength(100);
  });

  it.each([
    ['free', undefined, {}],
    ['demo', KEY, { 'x-cg-demo-api-key': KEY }],
    ['pro', KEY, { 'x-cg-pro-api-key': KEY }],
    ['auto', KEY, { 'x-cg-demo-api-key': KEY }],
  ] as const)('goes with the key of the %s plan in its header', async (plan, apiKey, headers) => {
    await markets([answer(200, '[]')], clientOf({ plan, apiKey }));
    const [request] = server.requests;
    expect(request).toMatchObject({ url: '/api/v3/coins/markets?vs_currency=usd', headers });
    expect(Object.keys(request!.headers).filter((name) => name.startsWith('x-cg'))).toEqual(Object.keys(headers));
  });

  it('encodes the coin of a chart, whatever it is called', async () => {
    server.play(answer(200, '{"prices":[]}'));
    await clientOf().marketChart('a b/../c?d', 'usd', 4, call);
    expect(server.requests[0]?.url).toBe('/api/v3/coins/a%20b%2F..%2Fc%3Fd/market_chart?vs_currency=usd&days=4');
  });
});

const cloudflarePage =
  '<!DOCTYPE html>\n<html><head>\n<title>Access denied | api.coingecko.com used Cloudflare to restrict access</title></head></html>';
const html = { 'content-type': 'text/html; charset=UTF-8' };

describe('a call that may work later', () => {
  const unavailable: readonly (readonly [string, Reply, RegExp])[] = [
    ['a 429', answer(429, rateLimitBody, { 'retry-after': '7' }), /\(429\): You've exceeded the Rate Limit/u],
    [
      'a 429 that is a page of the CDN',
      answer(429, cloudflarePage, html),
      /\(429\): a page with the title 'Access denied/u,
    ],
    [
      'a 403 that says it is temporary',
      answer(403, fixture(unavailableBody)),
      /\(403\): This endpoint is temporarily/u,
    ],
    ['the same with the status 200', answer(200, fixture(unavailableBody)), /\(403\): This endpoint is temporarily/u],
    [
      'a 500 that says so twice',
      answer(500, '{"status":500,"error":"Internal Server Error"}'),
      /\(500\): Internal Server/u,
    ],
    [
      'a 500 with the status 200',
      answer(200, '{"status":500,"error":"Internal Server Error"}'),
      /\(500\): Internal Server/u,
    ],
    ['a 503 without a word', answer(503, ''), /\(503\): an empty body/u],
    ['a page with the status 200', answer(200, cloudflarePage, html), /no JSON but a page with the title/u],
    ['JSON that breaks off', answer(200, body.subarray(0, 40_000)), /no JSON but 40000 bytes/u],
    ['an object without an error', answer(200, '{"data":[]}'), /sent \{"data":\[\]\} where an array is expected/u],
    ['a body that is cut', { kind: 'cut', body, after: 30_000 }, /broke its answer off/u],
    ['a reset', { kind: 'reset' }, /can't be reached: .*ECONNRESET/u],
    [
      'a redirect',
      answer(302, '', { location: 'https://elsewhere.example/' }),
      /\(302\): a redirect to https:\/\/elsewhere/u,
    ],
  ];

  it.each(unavailable)('is tried again after %s', async (_, reply) => {
    const { waits, outcome } = await markets([reply, answer(200, body)]);
    expect(outcome.status).toBe('fulfilled');
    expect(server.requests).toHaveLength(2);
    expect(waits).not.toEqual([]);
  });

  it.each(unavailable)('fails with the reason when there is nothing but %s', async (_, reply, reason) => {
    const error = await failure([reply]);
    expect(error).toMatchObject({ code: 'source-unavailable', message: expect.stringMatching(reason) as string });
    expect(error.message).not.toContain('\n');
    expect(server.requests).toHaveLength(5);
  });

  it('is tried again after no answer within the timeout', async () => {
    const { outcome } = await markets([{ kind: 'silence' }, answer(200, body)], clientOf({}, 100));
    expect(outcome.status).toBe('fulfilled');
    expect(await failure([{ kind: 'silence' }], clientOf({}, 20))).toMatchObject({
      code: 'source-unavailable',
      message: expect.stringContaining('no answer within 20 ms') as string,
    });
  });

  it('is tried again after a refused connection', async () => {
    const { baseUrl } = server;
    await server.close();
    const error = await failure([], clientOf({ baseUrl }));
    expect(error).toMatchObject({
      code: 'source-unavailable',
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
  });

  it('waits in spans that double, each cut at random', async () => {
    const { waits } = await markets([answer(500, '')]);
    expect(waits).toEqual([500, 1000, 2000, 4000]);
  });

  it('waits as long as it is told to, in seconds', async () => {
    const { waits } = await markets([answer(429, rateLimitBody, { 'retry-after': '119' }), answer(200, body)]);
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBe(119_000);
    expect(Buffer.byteLength(rateLimitBody)).toBe(187);
  });

  it('waits as long as it is told to, by a date', async () => {
    const date = new Date(NOW + 42_000).toUTCString();
    const { waits } = await markets([answer(429, rateLimitBody, { 'retry-after': date }), answer(200, body)]);
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBe(42_000);
  });

  it('lets no other call start while the host wants to be left alone', async () => {
    const client = clientOf();
    server.play(answer(429, rateLimitBody, { 'retry-after': '119' }), answer(200, body));
    const first = client.markets('', call);
    await until(() => clock.waits.length > 0);
    const second = client.markets('', call);
    clock.advance(100_000);
    let turns = 0;
    await until(() => ++turns > 20);
    expect(server.requests).toHaveLength(1);
    await finish(clock, Promise.all([first, second]));
    expect(server.requests).toHaveLength(3);
  });

  it('fails at once when it is told to wait for hours', async () => {
    const error = await failure([answer(429, rateLimitBody, { 'retry-after': '86400' })]);
    expect(error).toMatchObject({ code: 'source-unavailable', retryAfterMs: 86_400_000 });
    expect(server.requests).toHaveLength(1);
  });

  it('ends at once when it is stopped, while it waits and while it asks', async () => {
    const stop = new AbortController();
    server.play(answer(500, ''), { kind: 'silence' });
    const waiting = clientOf().markets('', { signal: stop.signal, attempts: 5 });
    const asking = clientOf({}, 60_000).markets('', { signal: stop.signal, attempts: 5 });
    await until(() => server.requests.length === 2 && clock.waits.length === 1);
    stop.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    await expect(asking).rejects.toThrow('stopped');
    expect(clock.waits).toEqual([]);
  });
});

describe('a call that will not work', () => {
  it.each([
    [
      'a bad key',
      401,
      `{"status":{"error_code":10002,"error_message":"Invalid API key ${KEY}"}}`,
      /\(10002\).*COINGECKO_API_KEY/u,
    ],
    [
      'the key of another plan',
      400,
      '{"status":{"error_code":10010,"error_message":"change your root URL"}}',
      /\(10010\)/u,
    ],
    [
      'what the plan lacks',
      401,
      '{"error":{"status":{"error_code":10012,"error_message":"time range"}}}',
      /\(10012\): time range/u,
    ],
    ['a bad key with the status 200', 200, '{"status":{"error_code":401,"error_message":"no"}}', /\(401\): no/u],
    [
      'another plan with the status 403',
      403,
      '{"status":{"error_code":10005,"error_message":"Pro only"}}',
      /\(10005\)/u,
    ],
    [
      'a missing parameter',
      422,
      '{"error":"Missing parameter vs_currency"}',
      /\(422\): Missing parameter vs_currency/u,
    ],
    ['an unknown coin', 404, '{"error":"Could not find coin with the given id"}', /\(404\): Could not find coin/u],
    ['a bad currency', 400, '{"error":"invalid vs_currency"}', /\(400\): invalid vs_currency/u],
    ['an unknown path', 404, 'nothing here', /\(404\): 12 bytes that are nothing here/u],
  ])('is not tried again for %s, and says why', async (_, status, text, reason) => {
    const error = await failure([answer(status, text)], clientOf({ apiKey: KEY }));
    expect(error).toMatchObject({ code: 'source-rejected', message: expect.stringMatching(reason) as string });
    expect(server.requests).toHaveLength(1);
    expect(JSON.stringify([error, error.message, error.stack, String(error.cause)])).not.toContain(KEY);
  });

  it('shows no key in any error, whatever the answer quotes', async () => {
    for (const reply of [
      answer(500, KEY),
      answer(302, '', { location: `https://x.example/?k=${KEY}` }),
      answer(200, `"${KEY}"`),
    ]) {
      const error = await failure([reply], clientOf({ apiKey: KEY }));
      expect(JSON.stringify([error, error.message, error.stack, String(error.cause)])).not.toContain(KEY);
    }
  });
});

describe('coingeckoAccess', () => {
  it('wants a key for the plans that have one, and none that could not be sent', () => {
    expect(() => coingeckoAccess({ plan: 'demo' })).toThrow(/COINGECKO_API_KEY/u);
    expect(() => coingeckoAccess({ plan: 'auto', apiKey: 'CG-a\nb' })).toThrow(/characters/u);
    expect(() => coingeckoAccess({ plan: 'auto', apiKey: 'CG-a\nb' })).not.toThrow(/CG-a/u);
  });

  it('knows the hosts and the limits of the plans', () => {
    const { baseUrl, callsPerMinute, callsPerMonth } = coingeckoAccess({ plan: 'auto', apiKey: KEY });
    expect([baseUrl, callsPerMinute, callsPerMonth]).toEqual(['https://api.coingecko.com/api/v3', 30, 10_000]);
    expect(coingeckoAccess({ plan: 'pro', apiKey: KEY }).baseUrl).toBe('https://pro-api.coingecko.com/api/v3');
    expect(coingeckoAccess({ plan: 'auto' })).toMatchObject({
      headers: {},
      callsPerMinute: 5,
      callsPerMonth: Infinity,
    });
    expect(coingeckoAccess({ plan: 'auto', monthlyCalls: 500 }).callsPerMonth).toBe(500);
    expect(coingeckoAccess({ plan: 'auto', baseUrl: 'http://localhost:1/x/' })).toMatchObject({
      baseUrl: 'http://localhost:1/x',
      callsPerMinute: Infinity,
    });
  });

  it.each(['ftp://host/', 'host', 'http://user:password@host/', 'http://host/?a=b'])(
    'refuses the base URL %s',
    (baseUrl) => {
      expect(() => coingeckoAccess({ plan: 'auto', baseUrl })).toThrow(/base URL/u);
    },
  );
});
