import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until, WebHarness } from '../support/web/web-harness.ts';
import { desktop, phone, TestBrowser, wall } from './support/browser.ts';
import { Lives } from './support/lives.ts';
import { violations } from './support/violations.ts';
import { MarketPage } from './support/market-page.ts';
import { shows } from './support/pipeline-page.ts';
import { begin, hours, HOUR_MS } from './support/playing.ts';

let browser: TestBrowser;
let stage: Lives | undefined;
beforeAll(async () => {
  browser = await TestBrowser.launch();
});
afterAll(() => browser.close());
afterEach(async () => {
  await browser.endVisits();
  await stage?.close();
  stage = undefined;
});

async function open(size = desktop, path = ''): Promise<{ page: Page; lives: Lives }> {
  const lives = (stage = new Lives(browser.staticPath));
  const page = await browser.visit(await lives.begin(30), { size, query: path });
  await page.locator('[data-frame]').waitFor();
  return { page, lives };
}

describe('the page of a time-lapse', () => {
  it('has a frame, says whose and when in the bar, and in the title of every page', async () => {
    const { page } = await open();
    await shows(page.locator('[data-time]'), '2 Dec 2023, 06:00 UTC');
    expect(await page.getByRole('region', { name: 'Time-lapse' }).innerText()).toMatch(/of the default namespace/);
    for (const name of ['Market', 'Pipeline', 'Lake', 'Skew', 'Replay']) {
      await page.getByRole('link', { name, exact: true }).click();
      await until(async () => (await page.title()).startsWith('Time-lapse · '), `${name} says so`);
      expect(await page.locator('[data-frame]').count()).toBe(1);
    }
  });

  it('is paused and sped up for everyone who looks', async () => {
    const { page, lives } = await open();
    const other = await browser.visit(new URL(page.url()).origin);
    await other.locator('[data-frame]').waitFor();
    await page.getByRole('button', { name: 'Pause the time-lapse' }).click();
    await shows(other.locator('[data-doing]'), 'paused');
    await other.getByRole('combobox', { name: 'Speed of the time-lapse' }).selectOption('3600');
    await until(() => lives.control.state().speed === 3600, 'it is faster');
    const speed = page.getByRole('combobox', { name: 'Speed of the time-lapse' });
    await until(async () => (await speed.inputValue()) === '3600', 'the first page says so');
    await other.getByRole('button', { name: 'Play the time-lapse' }).click();
    await until(() => !lives.control.state().isPaused, 'it plays');
  });

  it('goes back by the keyboard, says so and not that anything is broken, and shows the market of that time', async () => {
    const { page, lives } = await open();
    const market = new MarketPage(page);
    await market.chartReaches(begin + 29 * HOUR_MS);
    const scrubber = page.getByRole('slider', { name: 'Time in the time-lapse' });
    await scrubber.focus();
    // In one task: they are sent half a second after the last.
    const said = await scrubber.evaluate(async (input) => {
      for (let i = 0; i < 6; i++)
        input.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true, cancelable: true }));
      await new Promise<void>((told) => queueMicrotask(() => queueMicrotask(told)));
      return input.getAttribute('aria-valuetext');
    });
    expect(said).toBe('2 Dec 2023, 00:00 UTC');
    await page.locator('[data-banner="back"]').getByText('Going back to 2 Dec 2023, 00:00 UTC …').waitFor();
    await until(() => lives.control.state().at === begin + 24 * HOUR_MS, 'it is there');
    await market.chartReaches(begin + 23 * HOUR_MS);
    await page.locator('[data-banner="back"]').waitFor({ state: 'detached' });
    expect(await page.locator('[data-banner]').count()).toBe(0);
    expect(await market.row('bitcoin').innerText()).not.toBe('');
    await shows(page.locator('[data-time]'), '2 Dec 2023, 00:00 UTC');
  });

  it('goes ahead to what is chosen, and to an end by a key', async () => {
    const { page, lives } = await open();
    const scrubber = page.getByRole('slider', { name: 'Time in the time-lapse' });
    await scrubber.focus();
    await page.keyboard.press('End');
    await until(() => lives.control.state().state === 'seeking', 'it is sent ahead');
    await shows(page.locator('[data-doing]'), 'going to 5 Dec 2023, 00:00 UTC …');
    lives.control.ended();
    await shows(page.locator('[data-doing]'), 'at its end');
    await page.getByRole('button', { name: 'Play it again' }).waitFor();
  });

  it.each([phone, desktop, wall])('fits a screen of $width px, stands still, and has no violation', async (size) => {
    for (const theme of ['dark', 'light'] as const) {
      const { page } = await open(size);
      await page.evaluate((wanted) => (document.documentElement.dataset['theme'] = wanted), theme);
      const market = new MarketPage(page);
      await market.showsCoins(30);
      await page.waitForTimeout(2_000);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size.width);
      expect(await market.layoutShift()).toBeLessThan(0.03);
      const bar = page.getByRole('region', { name: 'Time-lapse' });
      const cut = await bar.evaluate((section) => section.scrollHeight > section.clientHeight + 1);
      expect(cut).toBe(false);
      expect(await violations(page)).toEqual([]);
      await stage?.close();
    }
  });
});

describe('a page of anything else', () => {
  it('shows none of it', async () => {
    const harness = await WebHarness.create();
    await harness.feeder.publish(hours(0, 30));
    await harness.feeder.report({ source: 'coingecko', last_success_at: new Date().toISOString() });
    const { url } = await harness.serve({ staticPath: browser.staticPath });
    const page = await browser.visit(url);
    await new MarketPage(page).showsCoins(30);
    expect(await page.locator('[data-frame]').count()).toBe(0);
    expect(await page.getByRole('slider', { name: 'Time in the time-lapse' }).count()).toBe(0);
    expect(await page.title()).not.toMatch(/lapse/i);
    await harness.close();
  });
});
