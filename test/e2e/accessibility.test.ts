import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LabFolder } from '../../src/web/server/skew/lab-folder.ts';
import { FlowPlayer } from '../support/web/flow-player.ts';
import { sampleLab } from '../support/web/sample-lab.ts';
import { sampleLake } from '../support/web/sample-lake.ts';
import { sampleLetters } from '../support/web/sample-letters.ts';
import { sampleNames } from '../support/web/sample-names.ts';
import { sampleTicks } from '../support/web/sample-ticks.ts';
import { WebHarness } from '../support/web/web-harness.ts';
import { desktop, phone, TestBrowser, wall } from './support/browser.ts';
import { MarketPage } from './support/market-page.ts';
import { violations } from './support/violations.ts';

const HOUR_MS = 3_600_000;
const ticks = sampleTicks();
const begin = ticks[0]!.at;

let browser: TestBrowser;
let harness: WebHarness;
beforeAll(async () => {
  browser = await TestBrowser.launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  harness = await WebHarness.create();
});
afterEach(async () => {
  await browser.endVisits();
  await harness.close();
});

const states: readonly (readonly [string, () => Promise<void>, RegExp])[] = [
  ['an empty page', async () => undefined, /No coins yet/],
  [
    'a played market',
    async () => {
      await harness.feeder.publish(ticks.filter(({ at }) => at < begin + 96 * HOUR_MS));
      await harness.feeder.report({
        source: 'recorded',
        event_time: '2023-12-05T00:00:00Z',
        speed: 1200,
        progress: 0.3,
      });
    },
    /Recorded market/,
  ],
  [
    'a stale source',
    async () => {
      await harness.feeder.publish(ticks.filter(({ at }) => at < begin + 30 * HOUR_MS));
      await harness.feeder.report({
        source: 'coingecko',
        last_success_at: '2024-01-01T00:00:00Z',
        interval_ms: 60_000,
      });
    },
    /Old data/,
  ],
];

describe.each(states)('%s', (_, arrange, says) => {
  const screens = [phone, desktop, wall].flatMap((size) => [
    { ...size, theme: 'dark' as const },
    { ...size, theme: 'light' as const },
  ]);
  it.each(screens)('has no violation at $width px in the $theme theme', async ({ theme, ...size }) => {
    await arrange();
    const { url } = await harness.serve({ staticPath: browser.staticPath });
    const market = new MarketPage(await browser.visit(url, { size, theme }));
    await market.page.getByText(says).first().waitFor();
    await market.page.waitForTimeout(300);
    expect(await violations(market.page)).toEqual([]);
  });
});

describe('the lake', () => {
  const screens = [phone, desktop, wall].flatMap((size) => [
    { ...size, theme: 'dark' as const },
    { ...size, theme: 'light' as const },
  ]);
  it.each(screens)('has no violation at $width px in the $theme theme', async ({ theme, ...size }) => {
    await harness.feeder.report({ source: 'simulated' });
    const { url } = await harness.serve({ staticPath: browser.staticPath });
    const market = new MarketPage(await browser.visit(url, { size, theme }));
    let body = JSON.stringify(sampleLake);
    await market.page.route('**/api/lake', (route) => route.fulfill({ contentType: 'application/json', body }));
    await market.page.getByRole('link', { name: 'Lake', exact: true }).click();
    await market.page.locator('[data-table]').first().waitFor();
    await market.page.locator('summary').first().click();
    expect(await violations(market.page)).toEqual([]);
    body = JSON.stringify({ tables: [], downloads: [], problems: [] });
    await market.page.reload();
    await market.page.locator('[data-empty="lake"]').waitFor();
    expect(await violations(market.page)).toEqual([]);
  });
});

describe('the pipeline', () => {
  const screens = [phone, desktop, wall].flatMap((size) => [
    { ...size, theme: 'dark' as const },
    { ...size, theme: 'light' as const },
  ]);
  it.each(screens)('has no violation at $width px in the $theme theme', async ({ theme, ...size }) => {
    const { url } = await harness.serve({ staticPath: browser.staticPath });
    const market = new MarketPage(await browser.visit(url, { size, theme, query: 'pipeline' }));
    const { page } = market;
    await page.locator('[data-empty="tail"]').waitFor();
    await page.locator('[data-empty="tasks"]').waitFor();
    expect(await violations(market.page)).toEqual([]);
    const player = new FlowPlayer(harness.log, Date.now, 2);
    await player.second();
    await harness.feeder.append(...sampleLetters(25, 0));
    for (const owner of ['a:1', 'b:2'])
      await harness.feeder.reportStage({ stage: 'combine', topic: 'coingecko.markets', partition: 0, owner });
    await harness.feeder.reportStage({
      ...{ stage: 'maintain', topic: 'pulse.partials', partition: 1 },
      reported_at: '2024-01-01T00:00:00.000Z',
    });
    await page.locator('[data-letter]').first().waitFor();
    await page.getByText('silent', { exact: false }).first().waitFor();
    await page.locator('[data-letter] summary').filter({ hasText: 'no UTF-8' }).first().click();
    await page.locator('[data-hex]').waitFor();
    await page.getByRole('listbox').press('ArrowUp');
    await page.locator('[data-record]').waitFor();
    await player.second();
    await page.getByRole('button', { name: /jump to the latest/ }).waitFor();
    await page.getByRole('button', { name: 'Pause the tail' }).click();
    expect(await violations(market.page)).toEqual([]);
    await page.keyboard.press('p');
    await page.getByText('Paused', { exact: true }).waitFor();
    expect(await violations(market.page)).toEqual([]);
  });
});

describe('the lab', () => {
  const screens = [phone, desktop, wall].flatMap((size) => [
    { ...size, theme: 'dark' as const },
    { ...size, theme: 'light' as const },
  ]);
  it.each(screens)('has no violation at $width px in the $theme theme', async ({ theme, ...size }) => {
    const folder = harness.folder();
    const { url } = await harness.serve({ staticPath: browser.staticPath, skewLab: new LabFolder(folder) });
    const market = new MarketPage(await browser.visit(url, { size, theme, query: 'skew' }));
    await market.page.locator('[data-empty="skew"]').waitFor();
    expect(await violations(market.page)).toEqual([]);
    writeFileSync(join(folder, 'a.json'), JSON.stringify(sampleLab()));
    await market.page.reload();
    await market.page.getByRole('slider', { name: /adaptive: tasks by time/ }).press('ArrowRight');
    expect(await violations(market.page)).toEqual([]);
    await market.page.locator('.headline').first().focus();
    writeFileSync(join(folder, 'a.json'), '{}');
    await market.page.reload();
    await market.page.locator('[data-empty="problem"]').waitFor();
    expect(await violations(market.page)).toEqual([]);
  });
});

describe('what opens', () => {
  it.each(['dark', 'light'] as const)('has no violation in the %s theme', async (theme) => {
    await harness.feeder.publish(ticks.filter(({ at }) => at < begin + 30 * HOUR_MS));
    await harness.feeder.publishNames(sampleNames());
    const { url } = await harness.serve({ staticPath: browser.staticPath });
    const market = new MarketPage(await browser.visit(url, { theme, query: '?with=solana&with=ripple' }));
    const { page } = market;
    await market.showsCoins(30);
    await page.getByRole('button', { name: 'Compare another coin' }).click();
    await page.getByRole('combobox').fill('b');
    await page.getByRole('option').first().waitFor();
    expect(await violations(market.page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await market.cell('solana', 'star').click();
    await page.getByText('Paused', { exact: true }).waitFor();
    expect(await violations(market.page)).toEqual([]);
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect(await violations(market.page)).toEqual([]);
  });
});

describe('a lost connection, and an open explanation', () => {
  it('have no violation, and only the change of the connection is read out', async () => {
    await harness.feeder.publish(ticks.filter(({ at }) => at < begin + 30 * HOUR_MS));
    const server = await harness.serve({ staticPath: browser.staticPath });
    const market = new MarketPage(await browser.visit(server.url));
    await market.showsCoins(30);
    await market.cell('bitcoin', 'zscore_1h').focus();
    await market.page.keyboard.press('ArrowLeft');
    await market.page.getByRole('tooltip').waitFor();
    await server.close();
    await market.page.getByText(/Trying again in/).waitFor();
    expect(await violations(market.page)).toEqual([]);
    const live = market.page.locator('[role="status"], [role="alert"], [aria-live]');
    expect(await live.count()).toBe(1);
    expect(await live.innerText()).toMatch(/^Connection lost\. Showing what was known at [\d:]+ UTC\.$/);
  });
});
