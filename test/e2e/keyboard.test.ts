import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sampleTicks } from '../support/web/sample-ticks.ts';
import { until, WebHarness } from '../support/web/web-harness.ts';
import { TestBrowser } from './support/browser.ts';
import { MarketPage } from './support/market-page.ts';

const HOUR_MS = 3_600_000;
const ticks = sampleTicks();
const begin = ticks[0]!.at;

let browser: TestBrowser;
let harness: WebHarness;
let market: MarketPage;
beforeAll(async () => {
  browser = await TestBrowser.launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  harness = await WebHarness.create();
  await harness.feeder.publish(ticks.filter(({ at }) => at < begin + 96 * HOUR_MS));
  await harness.feeder.report({ source: 'simulated' });
  const { url } = await harness.serve({ staticPath: browser.staticPath });
  market = new MarketPage(await browser.visit(url));
  await market.showsCoins(30);
  await market.chartReaches(begin + 95 * HOUR_MS);
});
afterEach(async () => {
  const complaints = await browser.endVisits();
  await harness.close();
  expect(complaints).toEqual([]);
});

const press = async (...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await market.page.keyboard.press(key);
};
const focused = (): Promise<string> =>
  market.page.evaluate(() => {
    const { activeElement: element } = document;
    const coin = element?.closest<HTMLElement>('[data-coin]')?.dataset['coin'];
    const column = element instanceof HTMLElement ? element.dataset['column'] : undefined;
    return coin === undefined ? (element?.className ?? '') : `${coin}/${column ?? ''}`;
  });

describe('the keyboard alone', () => {
  it('walks the coins with j and k, and the chart follows', async () => {
    const coins = await market.coins();
    await press('j', 'j');
    expect(await market.chosen()).toBe(coins[2]);
    expect(await market.page.locator('.coin h2').innerText()).toBe(coins[2]);
    await market.chartReaches(begin + 95 * HOUR_MS);
    await press('k');
    expect(await market.chosen()).toBe(coins[1]);
    await press('k', 'k', 'k');
    expect(await market.chosen()).toBe(coins[0]);
    for (let i = 0; i < 40; i++) await press('j');
    expect(await market.chosen()).toBe(coins.at(-1));
    const seen = await market.row(coins.at(-1)!).evaluate((row) => {
      const [box, frame] = [row.getBoundingClientRect(), row.closest('.scroller')!.getBoundingClientRect()];
      return box.top >= frame.top && box.bottom <= frame.bottom;
    });
    expect(seen).toBe(true);
  });

  it('filters with /, takes the first with Enter, and lets go with Escape', async () => {
    await press('/');
    await market.page.keyboard.type('sol');
    await market.showsCoins(1);
    await press('Enter');
    expect(await market.chosen()).toBe('solana');
    await press('/', 'Escape');
    await market.showsCoins(30);
    await press('Escape', 'j');
    expect(await market.filter.inputValue()).toBe('');
    expect(await market.chosen()).not.toBe('solana');
  });

  it('goes through the table cell by cell, each telling what stands behind it', async () => {
    const coins = await market.coins();
    await market.cell(coins[0]!, 'coin').focus();
    await press('ArrowDown', 'ArrowRight', 'ArrowRight');
    expect(await focused()).toBe(`${coins[1]!}/ret_1h`);
    const tooltip = market.page.getByRole('tooltip');
    await tooltip.getByText('ret_1h = P(h) / P(h − 1h) − 1').waitFor();
    const exact = harness.feeder.tables.features(coins[1]!, begin + 95 * HOUR_MS)['ret_1h'] as number;
    expect(await tooltip.innerText()).toContain(String(exact));
    expect(await tooltip.innerText()).toMatch(/4 Dec 2023, 23:00 UTC, still open/);
    await press('Escape');
    await tooltip.waitFor({ state: 'detached' });
    await press('End');
    expect(await focused()).toBe(`${coins[1]!}/spark`);
    await press('Home');
    expect(await focused()).toBe(`${coins[1]!}/star`);
    await press('Enter');
    expect(await market.cell(coins[1]!, 'star').getAttribute('aria-pressed')).toBe('true');
    expect(await market.chosen()).not.toBe(coins[1]);
    await press('ArrowRight', 'Enter');
    expect(await market.chosen()).toBe(coins[1]);
    await press('PageDown', 'PageDown', 'PageDown', 'PageDown');
    expect(await focused()).toBe(`${coins.at(-1)!}/coin`);
  });

  it('keeps its place in the table while rows move', async () => {
    await market.table.getByRole('button', { name: '1h', exact: true }).focus();
    await press('Enter');
    await until(async () => market.query().get('sort') === '-ret_1h', 'the table is sorted');
    const [, second] = await market.coins();
    await market.cell(second!, 'coin').focus();
    await press('ArrowRight');
    await harness.feeder.publish(ticks.filter(({ at }) => at >= begin + 96 * HOUR_MS && at < begin + 98 * HOUR_MS));
    await market.chartReaches(begin + 97 * HOUR_MS);
    await market.page.waitForTimeout(1200);
    expect(await focused()).toBe(`${second!}/price`);
  });

  it('has one tab stop in the table, however many rows', async () => {
    const stops = await market.page.locator('tbody [tabindex="0"]').count();
    expect(stops).toBe(1);
    await market.filter.focus();
    const seen: string[] = [];
    for (let i = 0; i < 10; i++) {
      await press('Tab');
      seen.push(await focused());
    }
    expect(seen.filter((place) => place.includes('/'))).toHaveLength(1);
  });

  it('moves and zooms the chart', async () => {
    await market.chart.focus();
    const at = await market.sight();
    await press('ArrowLeft', 'ArrowLeft', 'ArrowLeft');
    await until(async () => Math.abs((await market.sight()).to - (at.to - 3)) < 0.01, 'it is three hours further left');
    const left = await market.sight();
    await press('+');
    await until(async () => {
      const { from, to } = await market.sight();
      return Math.abs(to - left.to) < 0.01 && to - from < (left.to - left.from) * 0.9;
    }, 'it is closer');
    expect(await market.page.getByRole('button', { name: '7D' }).getAttribute('aria-pressed')).toBe('false');
    await market.page.getByRole('group', { name: 'Range' }).getByRole('button', { name: '24h' }).focus();
    await press('Enter');
    await until(async () => (await market.sight()).to > 95, 'the last day is in sight');
  });
});
