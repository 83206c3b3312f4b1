import { beforeEach, describe, expect, it } from 'vitest';
import { formatRatio } from '../../src/web/client/format/figure.ts';
import { formatPrice, priceDecimals } from '../../src/web/client/format/price.ts';
import { desktop, phone, type VisitOptions, wall } from './support/browser.ts';
import type { MarketPage } from './support/market-page.ts';
import { begin, hours, HOUR_MS, playing } from './support/playing.ts';
import type { WebHarness } from '../support/web/web-harness.ts';
import { until } from '../support/web/web-harness.ts';

const stage = playing();
let harness: WebHarness;
beforeEach(() => ({ harness } = stage()));

/** The page over the first hours of the recorded market. */
async function open(until: number, options: VisitOptions = {}, coins = 30): Promise<MarketPage> {
  const page = await stage().open(until, options);
  if (until > 0) {
    await page.showsCoins(coins);
    await page.chartReaches(begin + (until - 1) * HOUR_MS);
  }
  return page;
}

const priceOf = (coin: string): string => {
  const price = harness.feeder.tables.mover(coin)['price'] as number;
  return formatPrice(price, priceDecimals(price));
};
const retOf = (coin: string): number => harness.feeder.tables.mover(coin)['ret_24h'] as number;

describe('a cold start', () => {
  it('shows every coin, the chart of the one traded most, and what the source is', async () => {
    const market = await open(96);
    expect(await market.chosen()).toBe('bitcoin');
    expect(await market.page.title()).toBe('bitcoin · Crypto Pulse');
    for (const coin of ['bitcoin', 'stellar', 'pepe'])
      expect((await market.cell(coin, 'price').innerText()).trim()).toBe(priceOf(coin));
    expect((await market.cell('solana', 'ret_24h').innerText()).trim()).toBe(formatRatio(retOf('solana'), true));
    expect(await market.chart.getAttribute('data-hours')).toBe('96');
    const strip = market.page.getByRole('region', { name: 'Source of the data' });
    expect(await strip.innerText()).toMatch(
      /^Not live\s+Recorded market of December 2023\s+Time-lapse, an hour every 3 s\./,
    );
    expect(await market.page.locator('footer').innerText()).toMatch(/Recorded data[^]*TradingView Lightweight Charts™/);
  });

  it('says why there is nothing, and fills by itself when something comes', async () => {
    const market = await open(0);
    await market.page.getByText('No coins yet').waitFor();
    await market.page.getByText('No coin to draw yet').waitFor();
    await harness.feeder.publish(hours(0, 1));
    await market.showsCoins(30);
    await market.chartReaches(begin);
    expect(await market.page.getByText('No coins yet').count()).toBe(0);
  });

  it('says how many hours a feature still needs, and shows no zero in its place', async () => {
    const market = await open(10);
    expect((await market.cell('bitcoin', 'ret_24h').innerText()).trim()).toBe('–');
    await market.cell('bitcoin', 'ret_24h').hover();
    await market.page.getByRole('tooltip').getByText('ret_24h needs 25 hours; 10 so far.').waitFor();
    expect(await market.page.locator('.legend').first().innerText()).toMatch(/10 of 72 h/);
  });

  it('takes its place from the address bar', async () => {
    const market = await open(96, { query: '?coin=solana&sort=-ret_24h&q=an&range=24h&style=line' }, 5);
    expect(await market.chosen()).toBe('solana');
    expect(await market.filter.inputValue()).toBe('an');
    const coins = await market.coins();
    expect(coins).toEqual([...coins].sort((a, b) => retOf(b) - retOf(a)));
    const { from, to } = await market.sight();
    expect(to - from).toBeLessThan(30);
  });

  it('is in the usual order, and says so, where a link sorts by a feature that is no more', async () => {
    const market = await open(10, { query: '?sort=-ret_9y' });
    expect((await market.coins()).slice(0, 2)).toEqual(['bitcoin', 'ethereum']);
    expect(await market.page.locator('th[aria-sort]').getAttribute('data-column')).toBe('volume');
  });
});

describe('live updates', () => {
  it('arrive in the table, the chart, the panel and the movers', async () => {
    const market = await open(30);
    await harness.feeder.publish(hours(30, 32));
    await market.chartReaches(begin + 31 * HOUR_MS);
    for (const coin of ['bitcoin', 'stellar'])
      await until(
        async () => (await market.cell(coin, 'price').innerText()).trim() === priceOf(coin),
        `${coin} follows`,
      );
    expect((await market.page.locator('.coin .price').innerText()).trim()).toBe(priceOf('bitcoin'));
    const best = [...(await market.coins())].sort((a, b) => retOf(b) - retOf(a))[0]!;
    await market.page.locator('[data-side="up"] li').first().getByText(best).waitFor();
  });

  it('keep the sort, the filter, the chosen coin and the scroll position', async () => {
    const market = await open(48);
    await market.table.getByRole('button', { name: '24h' }).click();
    await market.filter.fill('i');
    await market.row('bitcoin-cash').click();
    const scroller = market.page.locator('.scroller');
    await scroller.evaluate((element) => element.scrollTo(0, 20));
    await market.page.mouse.move(2, 2);
    await harness.feeder.publish(hours(48, 60));
    await market.chartReaches(begin + 59 * HOUR_MS);
    await until(async () => {
      const coins = await market.coins();
      return coins.join() === [...coins].sort((a, b) => retOf(b) - retOf(a)).join();
    }, 'the rows are in the new order');
    expect((await market.coins()).every((coin) => coin.includes('i'))).toBe(true);
    expect(await scroller.evaluate((element) => element.scrollTop)).toBe(20);
    expect(await market.chosen()).toBe('bitcoin-cash');
    const query = market.query();
    expect([query.get('sort'), query.get('q'), query.get('coin')]).toEqual(['-ret_24h', 'i', 'bitcoin-cash']);
  });

  it('do not move a chart that somebody has zoomed', async () => {
    const market = await open(72);
    await market.chart.hover();
    await market.page.mouse.wheel(0, -400);
    await market.page.mouse.down();
    await market.page.mouse.move(1120, 320, { steps: 8 });
    await market.page.mouse.up();
    await market.page.waitForTimeout(500);
    const before = await market.sight();
    expect(before.to).toBeLessThan(72);
    expect(before.to - before.from).toBeLessThan(70);
    for (let hour = 72; hour < 76; hour++) {
      await harness.feeder.publish(hours(hour, hour + 1));
      await market.chartReaches(begin + hour * HOUR_MS);
    }
    expect(await market.sight()).toEqual(before);
    expect(await market.page.getByRole('button', { name: '7D' }).getAttribute('aria-pressed')).toBe('false');
  });

  it('keep the width of what is in sight at the newest hour', async () => {
    const market = await open(72);
    const wide = await market.width();
    await market.chart.focus();
    for (let i = 0; i < 3; i++) await market.page.keyboard.press('+');
    // The chart zooms with its next frame.
    await until(async () => Math.abs((await market.width()) / wide - 0.8 ** 3) < 0.01, 'it is three times closer');
    const before = await market.sight();
    await harness.feeder.publish(hours(72, 74));
    await market.chartReaches(begin + 73 * HOUR_MS);
    await until(async () => Math.abs((await market.sight()).to - before.to - 2) < 0.005, 'it is two hours on');
    expect(await market.width()).toBeCloseTo(before.to - before.from, 2);
  });

  it('show a late correction in its place, and mark it', async () => {
    const market = await open(80);
    const late = hours(40, 41).find(({ coin }) => coin === 'bitcoin')!;
    await harness.feeder.publish([{ ...late, at: begin + 41 * HOUR_MS - 1, price: late.price * 1.02 }]);
    await market.page.waitForFunction(
      () => document.querySelector<HTMLElement>('.chart')?.dataset['corrected'] === '1',
    );
    const ma72 = harness.feeder.tables.features('bitcoin', begin + 79 * HOUR_MS)['ma_72'] as number;
    const shown = market.page.locator('.figures div', { hasText: 'MA 72h' }).locator('dd');
    await until(async () => (await shown.innerText()).trim() === formatPrice(ma72, 2), 'ma_72 follows');
    expect(await market.chart.getAttribute('data-hours')).toBe('80');
  });

  it('shift nothing on the page', async () => {
    // By name, rows have no reason to change their places; what is left are the movers, who do.
    const market = await open(30, { query: '?sort=coin' });
    for (let hour = 30; hour < 40; hour++) await harness.feeder.publish(hours(hour, hour + 1));
    await market.chartReaches(begin + 39 * HOUR_MS);
    expect(await market.layoutShift()).toBeLessThan(0.02);
  });
});

describe('a coin with a date from the future', () => {
  it('is drawn as far as the market has come, and what is not drawn is told', async () => {
    const market = await open(30);
    const future = Date.UTC(2099, 0, 1);
    await market.row('solana').click();
    await until(async () => (await market.page.locator('.coin h2').innerText()) === 'solana', 'solana is chosen');
    await market.chartReaches(begin + 29 * HOUR_MS);
    // It comes to a chart that is there, and below to one that is opened.
    await harness.feeder.publish([{ ...hours(29, 30).find(({ coin }) => coin === 'solana')!, at: future }]);
    await market.page.getByText(/newest hour, 1 Jan 2099, .*, is from the future/).waitFor();
    await market.chartReaches(begin + 29 * HOUR_MS);
    expect(await market.chart.getAttribute('data-hours')).toBe('30');
    await harness.feeder.publish(hours(30, 31));
    await market.chartReaches(begin + 30 * HOUR_MS);
    expect(await market.chart.getAttribute('data-hours')).toBe('31');
    await market.page.reload();
    await market.chartReaches(begin + 30 * HOUR_MS);
    await market.page.getByText(/newest hour, 1 Jan 2099, .*, is from the future/).waitFor();
  });
});

describe('a coin that is tapped', () => {
  it('brings its chart into sight where that stands above the table', async () => {
    const market = await open(30, { size: phone });
    const headAt = (): Promise<number> =>
      market.page.locator('.coin').evaluate((panel) => panel.getBoundingClientRect().top);
    await market.row('solana').scrollIntoViewIfNeeded();
    expect(await headAt()).toBeLessThan(0);
    await market.cell('solana', 'coin').click();
    await until(async () => Math.abs(await headAt()) < 2, 'the chart is at the top');
    await until(async () => (await market.page.locator('.coin h2').innerText()) === 'solana', 'it is of that coin');
  });

  it('moves nothing where the chart stands beside it, nor for who uses the keyboard', async () => {
    const beside = await open(30);
    await beside.cell('solana', 'coin').click();
    await beside.page.waitForTimeout(400);
    expect(await beside.page.evaluate(() => scrollY)).toBe(0);
    const { url } = await harness.serve({ staticPath: stage().browser.staticPath });
    const above = await stage().browser.visit(url, { size: phone });
    await above.locator('[data-coin="stellar"] [data-column="coin"]').focus();
    const before = await above.evaluate(() => scrollY);
    expect(before).toBeGreaterThan(0);
    await above.keyboard.press('Enter');
    await above.locator('.coin h2', { hasText: 'stellar' }).waitFor();
    await above.waitForTimeout(400);
    expect(await above.evaluate(() => scrollY)).toBe(before);
  });
});

describe('a source that goes stale', () => {
  it('turns amber and pale, apart from the connection, and back', async () => {
    const market = await open(30);
    const { page } = market;
    const strip = page.getByRole('region', { name: 'Source of the data' });
    const fetched = (ms: number) => ({
      source: 'coingecko' as const,
      last_success_at: new Date(Date.now() - ms).toISOString(),
      interval_ms: 60_000,
    });
    await harness.feeder.report(fetched(1000));
    await strip.getByText('Live', { exact: true }).waitFor();
    await page.getByText('Data by CoinGecko').waitFor();
    await harness.feeder.report({ ...fetched(605_000), state: 'failing', message: 'It answers 429.' });
    await strip.getByText('Stale', { exact: true }).waitFor();
    await page.getByText('It answers 429.').waitFor();
    expect(await page.locator('[data-figure="connection"]').innerText()).toMatch(/Connected/);
    expect(await page.locator('[data-figure="age"]').innerText()).toMatch(/Stale, 10 min old/);
    expect(await page.locator('tbody').evaluate((element) => getComputedStyle(element).filter)).toMatch(/saturate/);
    await harness.feeder.report(fetched(0));
    await strip.getByText('Live', { exact: true }).waitFor();
    expect(await page.locator('tbody').evaluate((element) => getComputedStyle(element).filter)).toBe('none');
  });
});

describe('the page', () => {
  it.each([phone, desktop, wall])('fits a screen of $width px', async (size) => {
    const market = await open(96, { size });
    const { width, height } = await market.page.evaluate(() => ({
      width: document.documentElement.scrollWidth,
      height: document.documentElement.scrollHeight,
    }));
    expect(width).toBeLessThanOrEqual(size.width);
    if (size !== phone) expect(height).toBeLessThanOrEqual(size.height);
    const cut = await market.page.evaluate(() =>
      [...document.querySelectorAll('.coin dd, .coin dt, header dd, thead th:not([data-column="star"])')]
        .filter((element) => element.scrollWidth > element.clientWidth + 1)
        .map((element) => element.textContent),
    );
    expect(cut).toEqual([]);
  });

  it('shows hostile names as they are', async () => {
    const names = [
      '<img src=x onerror=alert(1)>',
      '../../etc/passwd',
      'a"b\'c`d',
      '${7*7}',
      'x'.repeat(200),
      '\u202eevil',
    ];
    const market = await open(0);
    await harness.feeder.publish(names.map((coin, i) => ({ coin, at: begin, price: 1 + i, volume: 6 - i })));
    await market.showsCoins(names.length);
    expect(await market.coins()).toEqual(names);
    expect(await market.page.locator('img').count()).toBe(0);
    await market.page.locator('tbody tr').nth(1).click();
    expect(await market.page.locator('.coin h2').innerText()).toBe('../../etc/passwd');
    await market.chartReaches(begin);
    await market.page.reload();
    await market.chartReaches(begin);
    expect(await market.page.locator('.coin h2').innerText()).toBe('../../etc/passwd');
  });

  it('shows rows in which figures are missing, and leaves out those that are no rows', async () => {
    const market = await open(30);
    const { feeder } = harness;
    const key = (coin: string): string => `${coin}|${new Date(begin).toISOString()}`;
    const row = (coin: string, change: object): string =>
      JSON.stringify({ ...{ coin_id: coin, ts: new Date(begin).toISOString(), price: 2, final: true }, ...change });
    await feeder.append(
      feeder.record('pulse.features_hourly', 'bare', key('bare'), row('bare', {})),
      feeder.record(
        'pulse.features_hourly',
        'huge',
        key('huge'),
        row('huge', { price: 1e300, volume: 1e300, ret_1h: 1e9 }),
      ),
      feeder.record('pulse.features_hourly', 'nan', key('nan'), row('nan', {}).replace('2', 'NaN')),
      feeder.record('pulse.features_hourly', 'text', key('text'), row('text', { price: 'much' })),
      feeder.record('pulse.features_hourly', 'none', key('none'), row('none', { price: undefined })),
    );
    await market.showsCoins(32);
    expect((await market.coins()).filter((coin) => ['nan', 'text', 'none'].includes(coin))).toEqual([]);
    for (const column of ['ret_1h', 'ret_24h', 'volume', 'zscore_1h'])
      expect((await market.cell('bare', column).innerText()).trim() || '–').toBe('–');
    await market.row('huge').click();
    await market.chartReaches(begin);
    expect(await market.page.locator('body').innerText()).not.toMatch(/NaN|undefined|Infinity/);
    const { width } = await market.page.evaluate(() => ({ width: document.documentElement.scrollWidth }));
    expect(width).toBeLessThanOrEqual(desktop.width);
  });

  it('draws with only what the server gave, in either theme and either zone', async () => {
    const market = await open(96, { theme: 'light' });
    expect(await market.page.locator('html').getAttribute('data-theme')).toBe('light');
    await market.page.getByRole('button', { name: /dark theme/ }).click();
    await market.page.getByRole('button', { name: /Times in UTC/ }).click();
    expect(await market.page.locator('.legend').first().innerText()).toMatch(/5 Dec, 01:00\s+(EET|GMT\+2)/);
    await market.page.reload();
    await market.chartReaches(begin + 95 * HOUR_MS);
    expect(await market.page.locator('html').getAttribute('data-theme')).toBe('dark');
    expect(await market.page.locator('.legend').first().innerText()).toMatch(/EET|GMT\+2/);
  });
});
