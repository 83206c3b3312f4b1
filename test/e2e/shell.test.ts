import { describe, expect, it } from 'vitest';
import { until } from '../support/web/web-harness.ts';
import { shows } from './support/pipeline-page.ts';
import { begin, HOUR_MS, hours, playing } from './support/playing.ts';

const stage = playing();

describe('the navigation', () => {
  it('opens pages without another load, each where it was left, and the browser goes back and forth', async () => {
    const market = await stage().open(48);
    const { page } = market;
    await market.showsCoins(30);
    await market.filter.fill('sol');
    await market.showsCoins(1);
    await page.evaluate(() => Object.assign(window, { isSameDocument: true }));
    await page.getByRole('link', { name: 'Lake', exact: true }).click();
    await page.waitForURL('**/lake');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    expect(await page.getByRole('link', { name: 'Lake', exact: true }).getAttribute('aria-current')).toBe('page');
    await page.goBack();
    await market.showsCoins(1);
    expect(market.query().get('q')).toBe('sol');
    await page.goForward();
    await page.waitForURL('**/lake');
    await page.getByRole('link', { name: 'Market', exact: true }).click();
    await market.showsCoins(1);
    expect(await market.filter.inputValue()).toBe('sol');
    expect(await page.evaluate(() => 'isSameDocument' in window)).toBe(true);
    // The server of this test has no lake to tell of, however often the page asks.
    await page.close();
    stage().browser.complaints.length = 0;
  });

  it('knows a page by its address, and no other', async () => {
    const market = await stage().open(1);
    const { origin } = new URL(market.page.url());
    expect((await fetch(`${origin}/lake?x=1`)).headers.get('content-type')).toMatch(/text\/html/);
    const unknown = await fetch(`${origin}/lakes`);
    expect([unknown.status, await unknown.json()]).toEqual([
      404,
      { error: { code: 'not-found', message: 'There is no such page.' } },
    ]);
    expect((await market.page.goto(`${origin}/lakes`))?.status()).toBe(404);
    await market.page.getByRole('link', { name: 'To the market' }).click();
    await market.showsCoins(30);
    // The browser notes that the page was not found.
    expect(stage().browser.complaints.splice(0).join()).toMatch(/404/);
  });
});

describe('a pause', () => {
  it('holds everything as it is, says so and since when, and then shows the latest at once', async () => {
    const market = await stage().open(30);
    const { page } = market;
    const { feeder } = stage().harness;
    await market.chartReaches(begin + 29 * HOUR_MS);
    const price = (): Promise<string> => market.cell('bitcoin', 'price').innerText();
    const before = await price();
    await page.keyboard.press('p');
    const strip = page.getByRole('region', { name: 'Source of the data' });
    await strip.getByText('Paused', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Pause', exact: true }).getAttribute('aria-pressed')).toBe('true');
    for (let hour = 30; hour < 34; hour++) await feeder.publish(hours(hour, hour + 1));
    await strip.getByText(/[1-9]\d* updates? since, not shown/).waitFor();
    await page.waitForTimeout(300);
    expect(await price()).toBe(before);
    expect(await market.chart.getAttribute('data-last')).toBe(String(begin + 29 * HOUR_MS));
    expect(await page.locator('tbody').evaluate((element) => getComputedStyle(element).filter)).toMatch(/saturate/);
    // Of the source and of the connection, nothing is held back.
    await feeder.report({ source: 'recorded', event_time: '2023-12-02T10:00:00Z' });
    await page.locator('[data-figure="age"]').getByText('2 Dec 2023, 10:00').waitFor();
    await strip.getByRole('button', { name: 'Go on' }).click();
    await market.chartReaches(begin + 33 * HOUR_MS);
    expect(await price()).not.toBe(before);
    expect(await market.chart.getAttribute('data-hours')).toBe('34');
    expect(await page.locator('tbody').evaluate((element) => getComputedStyle(element).filter)).toBe('none');
  });
});

describe('the header', () => {
  it('tells connection, age, latency and lag apart, each with what it means', async () => {
    const market = await stage().open(10);
    const { page } = market;
    const { feeder } = stage().harness;
    await market.showsCoins(30);
    await feeder.reportStage({ stage: 'maintain', topic: 'pulse.partials', partition: 0, lag: 1234 });
    await page.locator('[data-figure="lag"]').getByText('1.2K records').waitFor();
    await feeder.publish(hours(10, 11));
    await until(
      async () => /≈ \d+ ms/.test(await page.locator('[data-figure="latency"]').innerText()),
      'the latency is measured',
    );
    const meanings = [
      ['connection', /^Connection\s+Whether this page hears its server/],
      ['age', /^Time in the played market\s+The event time/],
      ['latency', /^Latency, an estimate[^]*95 of 100 within/],
      ['lag', /^How far the tables are behind[^]*maintain\s+1,234 records/],
    ] as const;
    for (const [id, meaning] of meanings) {
      await page.locator(`[data-figure="${id}"] dd`).focus();
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Tab');
      // The tooltip of the figure that the focus has left may stand for a moment yet.
      await shows(page.getByRole('tooltip'), meaning);
      await page.keyboard.press('Escape');
      await page.getByRole('tooltip').waitFor({ state: 'detached' });
    }
  });

  it('lists the keys, and switches those off that need no modifier', async () => {
    const market = await stage().open(30);
    const { page } = market;
    await market.showsCoins(30);
    await until(async () => (await market.chosen()) === 'bitcoin', 'a coin is chosen');
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keyboard' });
    await dialog.getByRole('checkbox').uncheck();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.keyboard.press('j');
    await page.keyboard.press('p');
    await page.waitForTimeout(200);
    expect(await market.chosen()).toBe('bitcoin');
    expect(await page.getByText('Paused', { exact: true }).count()).toBe(0);
    await page.reload();
    await market.showsCoins(30);
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
    await dialog.getByRole('checkbox').check();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.keyboard.press('j');
    await until(async () => (await market.chosen()) === 'ethereum', 'the next coin is chosen');
  });
});
