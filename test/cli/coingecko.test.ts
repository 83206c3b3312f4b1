import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Status } from '../../src/web/contract.ts';
import { answer, PlayedServer } from '../streams/1-ingest/support/played-server.ts';
import { closedPort } from '../support/closed-port.ts';
import { expectFailure } from '../support/expect-failure.ts';
import { getUntil, pageOf } from '../support/page.ts';
import { FEW_HOURS, processedFolder } from '../support/processed-folder.ts';
import { pulse, startPulse, temporaryFolder } from '../support/pulse.ts';

const KEY = 'CG-k3pt5ecret';
const RECORDED = ['--source', 'recorded', '--file', FEW_HOURS];

interface Quote {
  readonly id: string;
  readonly current_price: number;
  readonly last_updated: string;
}

/** A real body of `/coins/markets`. */
const body = JSON.parse(
  gunzipSync(readFileSync(resolve('test/fixtures/markets/20241215T015818Z_0e4da299.json.gz'))).toString('utf8'),
) as readonly Quote[];

let coingecko: PlayedServer;
let env: Readonly<Record<string, string>>;
beforeEach(async () => {
  coingecko = await PlayedServer.start();
  env = {
    PULSE_DATA_DIR: temporaryFolder(),
    PULSE_PORT: '0',
    PULSE_COINGECKO_URL: coingecko.baseUrl,
    PULSE_INTERVAL_MS: '1000',
    PULSE_MONTHLY_CALLS: '1000000000',
    PULSE_BACKFILL_DAYS: '0',
    COINGECKO_API_KEY: KEY,
  };
});
afterEach(() => coingecko.close());

/** Answers as CoinGecko does: to `ping`, and with the wanted ones of these quotes. */
function playMarket(quotes: readonly Quote[]): void {
  coingecko.playBy(({ url }) => {
    const { pathname, searchParams } = new URL(url, coingecko.baseUrl);
    if (pathname.endsWith('/ping')) return answer(200, '{"gecko_says":"(V3) To the Moon!"}');
    const ids = searchParams.get('ids')?.split(',');
    return answer(200, JSON.stringify(quotes.filter(({ id }) => ids?.includes(id) ?? true)));
  });
}

describe('pulse start with CoinGecko', () => {
  it('polls it, shows what it says, keeps the key to itself, and serves what it has when CoinGecko is gone', async () => {
    playMarket(body);
    const running = startPulse(['start'], env);
    const page = await pageOf(running);
    const price = async (wanted: number): Promise<void> => {
      const priced = ({ coins }: Coins) => coins.some(({ coin, price: is }) => coin === 'bitcoin' && is === wanted);
      await getUntil<Coins>(`${page}/api/coins`, priced);
    };
    const bitcoin = body.find(({ id }) => id === 'bitcoin')!;
    await price(bitcoin.current_price);
    playMarket(
      body.map((quote) =>
        quote === bitcoin ? { ...quote, current_price: 123_456.5, last_updated: '2024-12-15T01:59:30.000Z' } : quote,
      ),
    );
    await price(123_456.5);
    const { source } = await getUntil<Status>(`${page}/api/status`, ({ source }) => source?.state === 'running');
    expect(source).toMatchObject({ source: 'coingecko', kind: 'observed', interval_ms: 1000 });
    expect(coingecko.requests.every(({ headers }) => headers['x-cg-demo-api-key'] === KEY)).toBe(true);

    // An outage that quotes the key, as a gateway's error page does.
    coingecko.playBy(() => answer(500, `{"error":"no route for ${KEY}"}`));
    await getUntil<Status>(`${page}/api/status`, ({ source }) => source?.state === 'failing');
    await running.said(/fails for now \(500\): no route for \(the key\)/);
    const shown = ['/api/status', '/api/topics', '/metrics'].map(async (path) => (await fetch(page + path)).text());
    expect((await Promise.all(shown)).join()).not.toContain(KEY);
    running.child.kill('SIGTERM');
    const ended = await running.ended;
    expect(ended).toMatchObject({ code: 0, signal: null });
    expect(ended.stdout).toMatch(/^polling CoinGecko\nthe page is at http:\S+\n$/);
    expect(ended.stdout + ended.stderr).not.toContain(KEY);
    for (const file of filesIn(env.PULSE_DATA_DIR ?? '')) expect(readFileSync(file).includes(KEY)).toBe(false);

    const played = /The default namespace holds observed quotes and takes no played ones: name another/;
    expectFailure(await pulse(['ingest', ...RECORDED], env), 1, played);

    const offline = { ...env, PULSE_COINGECKO_URL: `http://127.0.0.1:${await closedPort()}` };
    const alone = startPulse(['start'], offline);
    await alone.said(/CoinGecko can’t be reached from here: showing what the namespace holds, and trying again/);
    const again = await pageOf(alone);
    const { coins } = await getUntil<Coins>(`${again}/api/coins`, ({ coins }) => coins.length === body.length);
    expect(coins.find(({ coin }) => coin === 'bitcoin')?.price).toBe(123_456.5);
    await getUntil<Status>(`${again}/api/status`, ({ source }) => source?.state === 'failing');
    alone.child.kill('SIGINT');
    expect(await alone.ended).toMatchObject({ code: 0, signal: null });
  });
});

describe('pulse ingest --source coingecko', () => {
  const INGEST = ['ingest', '--source', 'coingecko'];

  it('is refused in one line where it can come to nothing: no known coin, a bad key, a played namespace', async () => {
    playMarket(body);
    const unknown = /CoinGecko knows none of the coins nosuch, norsuch. Check the coins/;
    const coins = { ...env, PULSE_COINS: 'nosuch,norsuch' };
    expectFailure(await pulse(INGEST, coins), 1, unknown);
    const start = await pulse(['start'], coins);
    expect(start).toMatchObject({ code: 1, stderr: expect.stringMatching(unknown) as unknown });
    expect(start.stderr.split('\n')).toHaveLength(2);
    expectFailure(
      await pulse(INGEST, { ...env, PULSE_DATA_DIR: await processedFolder() }),
      1,
      /takes no observed ones/,
    );

    coingecko.play(answer(401, `{"status":{"error_code":10002,"error_message":"API Key Missing: ${KEY}"}}`));
    const refused = await pulse(INGEST, env);
    expectFailure(
      refused,
      1,
      /is refused \(10002\): API Key Missing: \(the key\). Check COINGECKO_API_KEY and its plan/,
    );
    expect(refused.stderr).not.toContain(KEY);
  });

  it('goes on with the coins that there are, and names the others once', async () => {
    playMarket(body);
    const running = startPulse(INGEST, { ...env, PULSE_COINS: 'bitcoin,nosuch' });
    await running.said(/knows no coin 'nosuch'/);
    await new Promise((wake) => setTimeout(wake, 1_500));
    running.child.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect(code).toBe(0);
    expect(stderr).toMatch(/^CoinGecko knows no coin 'nosuch'.\ncoingecko: stopped after 1 quote; .*\n$/);
  });
});

describe('pulse doctor', () => {
  it('says whether CoinGecko answers, refuses or is away, and is content without it', async () => {
    playMarket(body);
    const well = await pulse(['doctor'], env);
    expect(well).toMatchObject({ code: 0, stderr: '' });
    expect(well.stdout).toMatch(/^(✓ .+\n)+$/);
    expect(well.stdout).toContain(`${coingecko.baseUrl} answers, up to 1000000000 calls a month`);
    coingecko.play(answer(503, '<html><title>Service Unavailable</title>', { 'content-type': 'text/html' }));
    const away = await pulse(['doctor'], env);
    expect(away).toMatchObject({ code: 0, stderr: '' });
    expect(away.stdout).toMatch(/^! .* fails for now \(503\): .* A start serves what the namespace holds, or plays/m);
    coingecko.play(answer(401, `{"status":{"error_code":10002,"error_message":"API Key Missing: ${KEY}"}}`));
    const refused = await pulse(['doctor'], { ...env, PULSE_PARTITIONS: '3', PULSE_DATA_DIR: await processedFolder() });
    expect(refused).toMatchObject({ code: 1, stderr: 'pulse: put the 2 that are marked ✗ right first\n' });
    expect(refused.stdout).toMatch(
      /^✗ .* is refused \(10002\): API Key Missing: \(the key\). Check COINGECKO_API_KEY/m,
    );
    expect(refused.stdout).toMatch(/^✗ the namespace was made with 4 partitions, the settings say 3: set PULSE_PARTI/m);
    expect(readdirSync(env.PULSE_DATA_DIR ?? '')).toEqual([]);
  });
});

interface Coins {
  readonly coins: readonly { readonly coin: string; readonly price: number }[];
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
