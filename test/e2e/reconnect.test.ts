import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { formatPrice, priceDecimals } from '../../src/web/client/format/price.ts';
import { sampleTicks } from '../support/web/sample-ticks.ts';
import { ready, until, WebHarness } from '../support/web/web-harness.ts';
import { TestBrowser } from './support/browser.ts';
import { MarketPage } from './support/market-page.ts';

const HOUR_MS = 3_600_000;
const ticks = sampleTicks();
const begin = ticks[0]!.at;
const hours = (from: number, to: number) =>
  ticks.filter(({ at }) => at >= begin + from * HOUR_MS && at < begin + to * HOUR_MS);

let browser: TestBrowser;
let harness: WebHarness;
const children: ChildProcess[] = [];
beforeAll(async () => {
  browser = await TestBrowser.launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  harness = await WebHarness.create();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await browser.endVisits();
  await harness.close();
});

/** A server process of its own, which plays the recorded market; resolves with it and its address once it listens. */
async function serveApart(port: number): Promise<readonly [ChildProcess, string]> {
  const script = fileURLToPath(new URL('../support/web/play.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, String(port), '3', browser.staticPath], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return [child, line.toString().trim()];
}

describe('a server that is killed', () => {
  it('leaves the data on the page, counts down, and is found again when it is back', async () => {
    const [child, url] = await serveApart(0);
    const market = new MarketPage(await browser.visit(url, { query: '?coin=solana&sort=-ret_24h' }));
    await market.showsCoins(30);
    await until(async () => Number(await market.chart.getAttribute('data-hours')) >= 96, 'the chart is drawn');
    const { page } = market;
    child.kill('SIGKILL');
    await page
      .getByText(/Connection lost\. Showing what was known at/)
      .first()
      .waitFor();
    await page.getByText(/Trying again in \d+ s/).waitFor();
    expect(await page.locator('[data-figure="connection"]').innerText()).toMatch(/Lost/);
    expect(await market.coins()).toHaveLength(30);
    expect(Number(await market.chart.getAttribute('data-hours'))).toBeGreaterThanOrEqual(96);
    const [, again] = await serveApart(Number(new URL(url).port));
    expect(again).toBe(url);
    await page.getByText('the server had restarted, everything is reloaded').first().waitFor({ timeout: 30_000 });
    expect(await page.locator('[data-banner="lost"]').count()).toBe(0);
    expect(await page.locator('[data-figure="connection"]').innerText()).toMatch(/Connected/);
    expect(await market.chosen()).toBe('solana');
    await market.showsCoins(30);
    const before = await market.chart.getAttribute('data-last');
    await until(async () => (await market.chart.getAttribute('data-last')) !== before, 'the chart lives again');
  });
});

/** Every price becomes that of the tables: the partitions of one hour may come one after the other. */
async function showsPrices(market: MarketPage): Promise<void> {
  for (const coin of await market.coins()) {
    const price = harness.feeder.tables.mover(coin)['price'] as number;
    const text = formatPrice(price, priceDecimals(price));
    await until(async () => (await market.cell(coin, 'price').innerText()).trim() === text, `${coin} is at ${text}`);
  }
}

describe('a server that goes and comes back', () => {
  const back = (page: Page) => page.getByText(/Connected again: the server had restarted/).first();

  it('over the same log has all that came meanwhile, and says that nothing is missing', async () => {
    await harness.feeder.publish(hours(0, 30));
    const served = { staticPath: browser.staticPath };
    const server = await harness.serve(served);
    const market = new MarketPage(await browser.visit(server.url));
    await market.chartReaches(begin + 29 * HOUR_MS);
    const { page } = market;
    // A page that comes before the server has read its log is told that it is behind: this one comes when it has.
    await page.context().setOffline(true);
    await server.close();
    await page.getByText(/Trying again in/).waitFor();
    expect(await page.locator('[data-figure="lag"]').innerText()).toMatch(/Unknown/);
    await harness.feeder.publish(hours(30, 33));
    const port = Number(new URL(server.url).port);
    await ready((await harness.serve({ ...served, port })).url);
    await page.context().setOffline(false);
    await back(page).waitFor({ timeout: 30_000 });
    expect(await back(page).innerText()).toMatch(/everything is reloaded, nothing is missing\.$/);
    await market.chartReaches(begin + 32 * HOUR_MS);
    expect(await market.chart.getAttribute('data-hours')).toBe('33');
    await showsPrices(market);
  });

  it('over tables that were begun anew does not say that nothing is missing', async () => {
    await harness.feeder.publish(hours(0, 30));
    const served = { staticPath: browser.staticPath };
    const server = await harness.serve(served);
    const market = new MarketPage(await browser.visit(server.url));
    await market.chartReaches(begin + 29 * HOUR_MS);
    await server.close();
    await harness.close();
    harness = await WebHarness.create();
    await harness.feeder.publish(hours(0, 5));
    await harness.serve({ ...served, port: Number(new URL(server.url).port) });
    await back(market.page).waitFor({ timeout: 30_000 });
    expect(await back(market.page).innerText()).toMatch(/everything is reloaded\. It is behind what was shown here/);
    await market.chartReaches(begin + 4 * HOUR_MS);
  });
});

describe('a connection that is lost', () => {
  it('is caught up from where it was, with nothing missed, and says so', async () => {
    await harness.feeder.publish(hours(0, 48));
    const { url } = await harness.serve({ staticPath: browser.staticPath });
    const market = new MarketPage(await browser.visit(url));
    await market.showsCoins(30);
    await market.chartReaches(begin + 47 * HOUR_MS);
    const { page } = market;
    const witness = harness.page(url);
    await witness.snapshot();
    await page.context().setOffline(true);
    await page.getByText(/Trying again in/).waitFor();
    const { seq } = witness;
    for (let hour = 48; hour < 52; hour++) await harness.feeder.publish(hours(hour, hour + 1));
    // What comes in is told with the next flush: only then is there something to catch up on.
    await witness.until(() => witness.seq > seq, 'an update comes');
    await page.context().setOffline(false);
    const said = page.getByText(/Connected again: /).first();
    await said.waitFor();
    expect(await said.innerText()).toMatch(/Connected again: \d+ updates? caught up, nothing is missing\./);
    await market.chartReaches(begin + 51 * HOUR_MS);
    expect(await market.chart.getAttribute('data-hours')).toBe('52');
    await showsPrices(market);
  });
});
