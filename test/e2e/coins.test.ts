import { describe, expect, it } from 'vitest';
import { sampleNames } from '../support/web/sample-names.ts';
import { until } from '../support/web/web-harness.ts';
import { begin, HOUR_MS, hours, playing } from './support/playing.ts';

const stage = playing();
const press = async ({ keyboard }: { keyboard: { press(key: string): Promise<void> } }, ...keys: readonly string[]) => {
  for (const key of keys) await keyboard.press(key);
};

describe('names', () => {
  it('stand where ids did as soon as they are known, and are found, sorted and told by', async () => {
    const market = await stage().open(30);
    const { page } = market;
    await market.showsCoins(30);
    expect((await market.cell('ripple', 'coin').innerText()).trim()).toBe('ripple');
    await stage().harness.feeder.publishNames([
      ...sampleNames().filter(({ id }) => id !== 'stellar'),
      { id: 'stellar', name: '\u202e<b>Stel</b>', symbol: 'xlm' },
    ]);
    for (const [coin, name] of [
      ['ripple', 'XRP'],
      ['stellar', '<b>Stel</b>'],
    ] as const)
      await until(async () => (await market.cell(coin, 'coin').innerText()).includes(name), `${name} comes`);
    expect(await page.locator('tbody b').count()).toBe(0);
    await market.filter.fill('bnb');
    await market.showsCoins(1);
    expect(await market.coins()).toEqual(['binancecoin']);
    await press(page, 'Enter');
    await until(async () => (await page.title()) === 'BNB · Crypto Pulse', 'the title has the name');
    expect(await page.locator('.coin h2').innerText()).toMatch(/^BNB/);
  });
});

describe('the watch list', () => {
  it('holds the coins with a star, shows them alone, and is there again after a reload', async () => {
    const market = await stage().open(30);
    const { page } = market;
    await market.showsCoins(30);
    await market.cell('solana', 'star').click();
    expect(await market.chosen()).toBe('bitcoin');
    await press(page, 'w');
    const watched = page.getByRole('button', { name: 'Watched' });
    await watched.click();
    await market.showsCoins(2);
    expect([...(await market.coins())].sort()).toEqual(['bitcoin', 'solana']);
    await page.reload();
    await market.showsCoins(2);
    await page.locator('.coin').getByRole('button', { name: 'Watch bitcoin' }).click();
    await market.showsCoins(1);
    await market.cell('solana', 'star').click();
    await page.mouse.move(2, 2);
    await page.getByText('No coin is watched yet').waitFor();
    await watched.click();
    await market.showsCoins(30);
  });
});

describe('a comparison', () => {
  it('is made with the keyboard alone, follows what comes, and is in the address', async () => {
    const market = await stage().open(48);
    const { page } = market;
    await market.chartReaches(begin + 47 * HOUR_MS);
    await page.getByRole('button', { name: 'Compare' }).focus();
    await press(page, 'Enter');
    await page.keyboard.type('sol');
    await press(page, 'Enter');
    await page.keyboard.type('x');
    await press(page, 'ArrowDown', 'ArrowUp', 'Backspace', 'Enter', 'Escape');
    await until(() => market.query().getAll('with').join() === 'solana,ethereum', 'both are in the address');
    const compared = (count: number): Promise<void> =>
      until(async () => (await market.chart.getAttribute('data-compared')) === String(count), `${count} are compared`);
    await compared(2);
    expect(await page.getByRole('button', { name: 'Candles' }).isDisabled()).toBe(true);
    await stage().harness.feeder.publish(hours(48, 50));
    await market.chartReaches(begin + 49 * HOUR_MS);
    await compared(2);
    const { tables } = stage().harness.feeder;
    const change = (coin: string, from: number, to: number): number =>
      tables.silver(coin, begin + to * HOUR_MS)['price'] / tables.silver(coin, begin + from * HOUR_MS)['price'] - 1;
    const legend = page.locator('.legend').first();
    const shown = `${(Math.abs(change('solana', 0, 49)) * 100).toFixed(2)}%`;
    await until(async () => (await legend.innerText()).includes(shown), `the legend says ${shown}`);
    await page.reload();
    await market.chartReaches(begin + 49 * HOUR_MS);
    await compared(2);
    await page.getByRole('button', { name: 'Compare with solana no more' }).click();
    await compared(1);
    await page.getByRole('button', { name: 'Compare with ethereum no more' }).click();
    expect(await page.getByRole('button', { name: 'Candles' }).isDisabled()).toBe(false);
    await until(() => market.query().getAll('with').length === 0, 'none is in the address');
  });

  it('never has more than 10,000 points in the chart, and keeps what is in sight', async () => {
    const coins = ['a', 'b', 'c', 'd', 'e'];
    const { harness, browser } = stage();
    const at = (hour: number) =>
      coins.map((coin, i) => ({ coin, at: begin + hour * HOUR_MS, price: 10 + i + Math.sin(hour / 9), volume: 9 - i }));
    await harness.feeder.publish(Array.from({ length: 1500 }, (_, hour) => at(hour)).flat());
    const { url } = await harness.serve({ staticPath: browser.staticPath });
    const page = await browser.visit(url, {
      query: '?range=all&with=b&with=c&with=d&with=e&panes=ret_1h,vol_24h,zscore_1h',
    });
    const chart = page.locator('.chart');
    await until(async () => (await chart.getAttribute('data-compared')) === '4', 'all are drawn');
    const points = async (): Promise<number> => Number(await chart.getAttribute('data-points'));
    expect(await points()).toBeGreaterThan(9000);
    expect(await points()).toBeLessThanOrEqual(10_000);
    for (let hour = 1500; hour < 1530; hour += 10) {
      for (let next = hour; next < hour + 10; next++) await harness.feeder.publish(at(next));
      await until(
        async () => (await chart.getAttribute('data-last')) === String(begin + (hour + 9) * HOUR_MS),
        'it goes on',
      );
      expect(await points()).toBeLessThanOrEqual(10_000);
    }
  });
});

describe('a market of a thousand coins', () => {
  it('has the rows in sight alone in the document, and tells how many there are', async () => {
    const { harness, browser } = stage();
    const coins = Array.from({ length: 1000 }, (_, i) => `coin-${String(i).padStart(4, '0')}`);
    const publish = (at: number): Promise<void> =>
      harness.feeder.publish(
        coins.map((coin, i) => ({ coin, at, price: 1 + ((i * 7) % 13) + at / 1e13, volume: 1000 - i })),
      );
    await publish(begin);
    await harness.feeder.report({ source: 'simulated' });
    const { url } = await harness.serve({ staticPath: browser.staticPath });
    const page = await browser.visit(url, { query: '?sort=coin' });
    await page.getByText('1000 coins').waitFor();
    const grid = page.getByRole('grid', { name: 'Coins' });
    const rows = page.locator('tbody tr[data-coin]');
    expect(await grid.getAttribute('aria-rowcount')).toBe('1001');
    expect(await rows.count()).toBeLessThan(60);
    await page.locator('tbody [data-coin="coin-0003"] [data-column="coin"]').focus();
    await press(page, 'Control+End');
    await until(
      async () => (await page.evaluate(() => document.activeElement?.closest('tr')?.dataset['coin'])) === 'coin-0999',
      'the last row has the focus',
    );
    expect(await page.locator('[data-coin="coin-0999"]').getAttribute('aria-rowindex')).toBe('1001');
    expect(await rows.count()).toBeLessThan(60);
    const scroller = page.locator('.scroller');
    const top = await scroller.evaluate((element) => element.scrollTop);
    await publish(begin + HOUR_MS);
    const price = page.locator('[data-coin="coin-0990"] [data-column="ret_1h"]');
    await until(async () => (await price.innerText()).includes('%'), 'the hour comes');
    expect(await scroller.evaluate((element) => element.scrollTop)).toBe(top);
    expect(await page.evaluate(() => document.activeElement?.closest('tr')?.dataset['coin'])).toBe('coin-0999');
    await scroller.evaluate((element) => element.scrollTo(0, 5000));
    await until(
      async () => (await rows.first().getAttribute('data-coin')) === 'coin-0139',
      'the rows of there are drawn',
    );
    expect(await page.locator('tbody [tabindex="0"]').count()).toBe(1);
  });
});
