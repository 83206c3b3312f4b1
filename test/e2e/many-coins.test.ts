import { describe, expect, it } from 'vitest';
import { until } from '../support/web/web-harness.ts';
import { begin, hours, HOUR_MS, playing } from './support/playing.ts';

const stage = playing();
const names = Array.from({ length: 400 }, (_, i) => `coin-${i}`);
/** A first quote of each, traded the less the later its name. */
const quotes = names.map((coin, i) => ({ coin, at: begin, price: 100, volume: 1e6 - i }));

describe('a table of many coins', () => {
  it('keeps the focus on a row that is scrolled out of sight, and goes on from there', async () => {
    const market = await stage().open(0);
    const { page } = market;
    await stage().harness.feeder.publish(quotes);
    await market.cell('coin-2', 'price').focus();
    await page.keyboard.press('ArrowDown');
    const focused = (): Promise<string> =>
      page.evaluate(() => {
        const cell = document.activeElement;
        const coin = cell?.closest<HTMLElement>('[data-coin]')?.dataset['coin'] ?? '';
        return `${coin}/${(cell instanceof HTMLElement && cell.dataset['column']) || ''}`;
      });
    expect(await focused()).toBe('coin-3/price');
    const scroller = page.locator('.scroller');
    for (const place of [3000, 13_000, 0, 9000]) {
      await scroller.evaluate((element, top) => element.scrollTo(0, top), place);
      await market.row(`coin-${Math.floor(place / 34) + 3}`).waitFor();
      expect(await focused()).toBe('coin-3/price');
      expect(await scroller.evaluate((element) => element.scrollHeight)).toBeGreaterThan(400 * 34);
    }
    await page.keyboard.press('ArrowDown');
    await until(async () => (await focused()) === 'coin-4/price', 'the next row has the focus');
    expect(await market.row('coin-4').evaluate((row) => row.getBoundingClientRect().top)).toBeGreaterThan(0);
    expect(await page.locator('tbody tr[data-coin]').count()).toBeLessThan(60);
  });
});

describe('the movers', () => {
  const first = (page: { locator(selector: string): { innerText(): Promise<string> } }): Promise<string> =>
    page.locator('[data-side="up"] li:first-child .name').innerText();
  /** Somebody else rises most. */
  const lift = (i: number, price: number): Promise<void> =>
    stage().harness.feeder.publish([{ coin: `coin-${i}`, at: begin + 24 * HOUR_MS, price, volume: 100 - i }]);

  it('are ranked once a second at most, whatever comes, and nothing on the page shifts', async () => {
    const market = await stage().open(0);
    const { page } = market;
    await stage().harness.feeder.publish(
      names.slice(0, 30).flatMap((coin, i) => [
        { coin, at: begin, price: 100, volume: 100 - i },
        { coin, at: begin + 24 * HOUR_MS, price: 101 + i / 100, volume: 100 - i },
      ]),
    );
    await page.locator('[data-side="up"] li').first().waitFor();
    await page.waitForTimeout(1500);
    const before = await market.layoutShift();
    await page.evaluate(() => {
      const times: number[] = [];
      Object.assign(globalThis, { times });
      new MutationObserver(() => times.push(performance.now())).observe(document.querySelector('.movers')!, {
        subtree: true,
        childList: true,
        characterData: true,
      });
    });
    for (let step = 0; step < 30; step++) {
      await lift(step % 10, 110 + step);
      await page.waitForTimeout(100);
    }
    await until(async () => (await first(page)) === 'coin-9', 'the last one leads');
    const times = await page.evaluate(() => (globalThis as unknown as { readonly times: readonly number[] }).times);
    expect(times.length).toBeGreaterThan(0);
    // They are ranked once a second, however often their prices change.
    expect(times.length).toBeLessThanOrEqual((times.at(-1)! - times[0]!) / 1000 + 2);
    expect((await market.layoutShift()) - before).toBeLessThan(0.005);
  });

  it('keep their places while somebody points at them', async () => {
    const market = await stage().open(30);
    const { page } = market;
    await market.showsCoins(30);
    const leader = await first(page);
    await page.locator('[data-side="up"] li').first().hover();
    await stage().harness.feeder.publish(
      hours(30, 31).map((tick) => ({ ...tick, price: tick.coin === 'stellar' ? tick.price * 3 : tick.price })),
    );
    await market.chartReaches(begin + 30 * HOUR_MS);
    await page.waitForTimeout(1500);
    expect(await first(page)).toBe(leader);
    await page.mouse.move(2, 2);
    await until(async () => (await first(page)) === 'stellar', 'they are ranked again');
  });
});
