import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PulseError } from '../../../src/errors.ts';
import { topicNames } from '../../../src/streams/topics.ts';
import { sampleTicks } from '../../support/web/sample-ticks.ts';
import { ready, until, WebHarness } from '../../support/web/web-harness.ts';

const HOUR_MS = 3_600_000;
const ticks = sampleTicks();
const begin = ticks[0]!.at;
const iso = (hour: number): string => new Date(begin + hour * HOUR_MS).toISOString();

let harness: WebHarness;
beforeEach(async () => {
  harness = await WebHarness.create();
});
afterEach(() => harness.close());

const serve = async (options = {}): Promise<string> => {
  const { url } = await harness.serve(options);
  await ready(url);
  return url;
};
const get = async (url: string): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> => {
  const response = await fetch(url);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

/** A GET whose path is sent as it is; fetch would resolve its dots. */
const rawGet = (url: string, path: string): Promise<{ readonly status: number; readonly body: string }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const sent = request({ hostname, port, path }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on('error', reject).end();
  });

describe('the rows of a coin', () => {
  it('are those of the topics, in [from, to), ascending', async () => {
    await harness.feeder.publish(ticks.filter(({ at }) => at < begin + 50 * HOUR_MS));
    const url = await serve();
    const { tables } = harness.feeder;
    const wanted = [10, 11, 12].map((hour) => begin + hour * HOUR_MS);
    const range = `?from=${iso(10)}&to=${iso(13)}`;
    const prices = await get(`${url}/api/prices/bitcoin${range}`);
    expect(prices.body).toEqual({
      coin: 'bitcoin',
      rows: wanted.map((ts) => tables.silver('bitcoin', ts)),
      next: null,
    });
    const features = await get(`${url}/api/features/bitcoin${range}`);
    expect(features.body['rows']).toEqual(wanted.map((ts) => tables.features('bitcoin', ts)));
    expect(((await get(`${url}/api/prices/bitcoin`)).body['rows'] as unknown[]).length).toBe(50);
  });

  it('come in pages, each saying where the next begins', async () => {
    await harness.feeder.publish(ticks.filter(({ at, coin }) => coin === 'solana' && at < begin + 7 * HOUR_MS));
    const url = await serve();
    const seen: unknown[] = [];
    let from: string | null = iso(0);
    for (let pages = 0; from !== null && pages < 9; pages++) {
      const { body } = await get(`${url}/api/prices/solana?limit=3&from=${from}`);
      seen.push(...(body['rows'] as { ts: string }[]).map(({ ts }) => ts));
      from = body['next'] as string | null;
    }
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6].map(iso));
  });

  it.each([
    ' ',
    'a b',
    'a/b',
    '..',
    '../x',
    '%2F',
    'ü€',
    '<script>alert(1)</script>',
    '-2',
    'a|b',
    '__proto__',
    'a?b#c',
  ])('are found by any id: %j', async (coin) => {
    await harness.feeder.publish([{ coin, at: begin, price: 3, volume: 1 }]);
    const url = await serve();
    const path = `/api/prices/${encodeURIComponent(coin).replaceAll('.', '%2E')}`;
    const { status, body } = await rawGet(url, path);
    expect([status, JSON.parse(body)]).toEqual([
      200,
      { coin, rows: [harness.feeder.tables.silver(coin, begin)], next: null },
    ]);
    expect((await get(`${url}/api/coins`)).body['coins']).toMatchObject([{ coin }]);
  });

  it.each([
    ['prices/bitcoin?from=yesterday', 400, 'bad-time'],
    ['prices/bitcoin?from=2023-12-02T00:00:00Z&to=2023-12-01T00:00:00Z', 400, 'bad-range'],
    ['prices/bitcoin?limit=0', 400, 'bad-limit'],
    ['prices/bitcoin?limit=1e3', 400, 'bad-limit'],
    ['features/bitcoin?form=2023-12-02T00:00:00Z', 400, 'unknown-parameter'],
    ['prices/%E0%A4%A', 400, 'bad-coin'],
    ['prices/', 400, 'bad-coin'],
    ['prices/a/b', 400, 'bad-coin'],
    [`prices/${'x'.repeat(600)}`, 400, 'bad-coin'],
    ['prices/nobody', 404, 'unknown-coin'],
    ['nothing', 404, 'no-such-resource'],
  ])('are refused, with a reason, for %s', async (path, status, code) => {
    await harness.feeder.publish(ticks.slice(0, 30));
    const answer = await get(`${await serve()}/api/${path}`);
    expect(answer.status).toBe(status);
    expect(answer.body['error']).toMatchObject({ code, message: expect.any(String) as string });
  });
});

describe('the other resources', () => {
  it('rank the movers, leaving out coins that went silent', async () => {
    const silent = 'stellar';
    await harness.feeder.publish(ticks.filter(({ at, coin }) => at < begin + (coin === silent ? 30 : 40) * HOUR_MS));
    const { body } = await get(`${await serve()}/api/movers`);
    const movers = body['movers'] as { coin_id: string; ret_24h: number }[];
    expect(body['as_of']).toBe(iso(39));
    expect(movers.map(({ ret_24h }) => ret_24h)).toEqual(movers.map(({ ret_24h }) => ret_24h).sort((a, b) => b - a));
    expect(movers).toHaveLength(29);
    expect(movers.map(({ coin_id }) => coin_id)).not.toContain(silent);
  });

  it('describe the topics with their bounds and the view’s positions', async () => {
    await harness.feeder.publish(ticks.slice(0, 30));
    const { body } = await get(`${await serve()}/api/topics`);
    const topics = body['topics'] as { topic: string; partitions: { end: number; view: number | null }[] }[];
    expect(topics).toHaveLength(9);
    const features = topics.find(({ topic }) => topic === 'pulse.features_hourly');
    expect(features?.partitions.map(({ end }) => end).reduce((a, b) => a + b)).toBe(30);
    for (const { end, view } of features?.partitions ?? []) expect(view ?? 0).toBe(end);
  });

  it('are not ready while rebuilt tables take the live ones’ place, and tell how far that is', async () => {
    const { log } = harness;
    const names = topicNames('');
    const partitions = [0, 1];
    const promotion = { id: 'p1', namespace: 'replay', positions: partitions.map(() => 7) };
    await log.append([
      { topic: names.positions, partition: 0, key: 'promotion', value: JSON.stringify(promotion) },
      position(0, 'p1'),
      position(1, 'another'),
    ]);
    const { url } = await harness.serve();
    const readyz = async () => {
      const { status, body } = await get(`${url}/readyz`);
      return { status, promotion: body['promotion'] };
    };
    const of = (done: number) => ({ namespace: 'replay', done, partitions: 2 });
    await until(async () => (await readyz()).promotion !== null, 'the view has it');
    await until(
      async () => JSON.stringify(await readyz()) === JSON.stringify({ status: 503, promotion: of(1) }),
      '1 of 4',
    );
    await log.append(partitions.map((partition) => position(partition, 'p1')));
    await until(
      async () => JSON.stringify(await readyz()) === JSON.stringify({ status: 200, promotion: of(2) }),
      'all of them',
    );

    function position(partition: number, id: string) {
      const key = `maintain|${names.partials}|${partition}`;
      const value = JSON.stringify({
        stage: 'maintain',
        topic: names.partials,
        partition,
        offset: 7,
        carried: { promotion: id },
      });
      return { topic: names.positions, partition, key, value };
    }
  });

  it('answer health at once, readiness once the view has caught up', async () => {
    const bare = await WebHarness.create({ topics: false });
    const { url } = await bare.serve();
    expect((await get(`${url}/healthz`)).status).toBe(200);
    expect((await get(`${url}/readyz`)).status).toBe(503);
    await bare.feeder.createTopics();
    await ready(url);
    await bare.close();
  });

  it('take GET and HEAD alone', async () => {
    const url = await serve();
    const refused = await fetch(`${url}/api/coins`, { method: 'POST', body: '{}' });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    const head = await fetch(`${url}/api/coins`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });
});

describe('the page’s files', () => {
  it('are served compressed, for ever where their name holds a hash, and under a strict policy', async () => {
    const folder = harness.folder();
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>x</title>');
    writeFileSync(join(folder, 'assets', 'a-1.js'), 'let a = 1;');
    writeFileSync(join(folder, 'assets', 'a-1.js.br'), brotliCompressSync('let a = 1;'));
    const url = await serve({ staticPath: folder });
    const script = await fetch(`${url}/assets/a-1.js`, { headers: { 'accept-encoding': 'br' } });
    expect(script.headers.get('content-encoding')).toBe('br');
    expect(script.headers.get('cache-control')).toMatch(/immutable/);
    expect(await script.text()).toBe('let a = 1;');
    const page = await fetch(url);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/default-src 'none'/);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    for (const path of ['/../package.json', '/%2e%2e/package.json', '/assets/../../package.json', '/none'])
      expect((await rawGet(url, path)).status).toBe(404);
  });

  it('are said to be missing where they are not built', async () => {
    const { status, body } = await get(await serve());
    expect([status, body['error']]).toMatchObject([503, { code: 'page-not-built' }]);
  });
});

describe('a port that is in use', () => {
  it('is one clear line', async () => {
    const port = Number(new URL(await serve()).port);
    const second = harness.serve({ port });
    await expect(second).rejects.toBeInstanceOf(PulseError);
    await expect(second).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringMatching(/^[^\n]+$/) as string,
    });
  });
});
