import { describe, expect, it } from 'vitest';
import { partitionOf } from '../../src/streams/log/partition-of.ts';
import { until } from '../support/web/web-harness.ts';
import { desktop, phone, wall } from './support/browser.ts';
import { drawn } from './support/drawn.ts';
import { begin, hours, HOUR_MS, playing } from './support/playing.ts';

const stage = playing();

describe('the layout', () => {
  it('stands still while the coins come in, partition by partition, and the largest one last', async () => {
    const market = await stage().open(0);
    const { feeder } = stage().harness;
    await market.page.getByText('No coins yet').waitFor();
    const ticks = hours(0, 1);
    const [first, last] = [1, 0].map((turn) =>
      ticks.filter(({ coin }) => partitionOf(coin, 2) === (partitionOf('bitcoin', 2) ^ turn)),
    );
    const quote = (coin: string): Promise<void> =>
      feeder.append(feeder.record('coingecko.markets', coin, coin, JSON.stringify({ id: coin })));
    const combined = (partition: number): Promise<void> =>
      feeder.append({
        ...{ topic: 'pulse.positions', partition: 0, key: `combine|coingecko.markets|${partition}` },
        value: JSON.stringify({ offset: 1 }),
      });
    await quote(first![0]!.coin);
    await quote('bitcoin');
    await feeder.publish(first!);
    const { origin } = new URL(market.page.url());
    await until(async () => {
      const { coins } = (await (await fetch(`${origin}/api/coins`)).json()) as { readonly coins: readonly unknown[] };
      return coins.length > 0;
    }, 'the first coins are in the view');
    await drawn(market.page);
    expect(await market.coins()).toEqual([]);
    await feeder.publish(last!);
    await combined(0);
    await combined(1);
    await market.showsCoins(30);
    await market.chartReaches(begin);
    expect((await market.coins())[0]).toBe('bitcoin');
    expect(await market.chosen()).toBe('bitcoin');
    await market.page.waitForTimeout(1500);
    expect(await market.layoutShift()).toBeLessThan(0.005);
  });

  it('takes a coin that comes late in at the next look, in its place', async () => {
    const market = await stage().open(1);
    await market.showsCoins(30);
    await stage().harness.feeder.publish([{ coin: 'zzz', at: begin, price: 1, volume: 1e15 }]);
    await market.showsCoins(31);
    await market.page.waitForFunction(() => document.querySelector('tbody tr')?.getAttribute('data-coin') === 'zzz');
  });

  it.each([
    ['390', phone],
    ['1280', desktop],
    ['2560', wall],
  ])('shows the price and both returns of a coin in full, at %s px', async (_, size) => {
    const market = await stage().open(30, { size });
    await market.chartReaches(begin + 29 * HOUR_MS);
    const last = hours(29, 30).findLast(({ coin }) => coin === 'bitcoin')!;
    await stage().harness.feeder.publish([{ ...last, at: last.at + 500, price: 109_988.88 }]);
    await market.page.locator('.coin .price', { hasText: '109,988.88' }).waitFor();
    const isCut = await market.page.evaluate(() =>
      [...document.querySelectorAll('.coin .head .price, .coin .head dl')].map(
        (part) => part.scrollWidth > part.clientWidth,
      ),
    );
    expect(isCut).toEqual([false, false]);
  });

  it.each([
    ['390', phone],
    ['1280', desktop],
    ['2560', wall],
  ])(
    'keeps the head of a coin as high as it is, whatever comes and however long its name, at %s px',
    async (_, size) => {
      const market = await stage().open(30, { size });
      const { feeder } = stage().harness;
      const { page } = market;
      await market.chartReaches(begin + 29 * HOUR_MS);
      const places = (): Promise<readonly number[]> =>
        page.evaluate(() =>
          ['.coin .head', '.toolbar', '.chart'].flatMap((part) => {
            const { top, height } = document.querySelector(part)!.getBoundingClientRect();
            return [top, height];
          }),
        );
      const before = await places();
      await feeder.publishNames([
        { id: 'bitcoin', name: 'A name that never seems to end '.repeat(3).trim(), symbol: 'endless' },
      ]);
      await page.locator('.coin h2', { hasText: 'never seems' }).waitFor();
      expect(await places()).toEqual(before);
      await page.evaluate(() => scrollTo(0, 0));
      await market.row('pepe').evaluate((row: HTMLElement) => row.click());
      await page.locator('.coin h2', { hasText: 'pepe' }).waitFor();
      await page.evaluate(() => scrollTo(0, 0));
      expect(await places()).toEqual(before);
      const { width } = await page.evaluate(() => ({ width: document.documentElement.scrollWidth }));
      expect(width).toBeLessThanOrEqual(size.width);
    },
  );

  it('shows every mover’s change in full on a phone, however long the names that are out of sight', async () => {
    const market = await stage().open(30, { size: phone });
    const { page } = market;
    const { feeder } = stage().harness;
    await market.chartReaches(begin + 29 * HOUR_MS);
    const ids = await market.coins();
    await feeder.publishNames(ids.map((id) => ({ id, name: `A long name of ${id} `.repeat(2).trim(), symbol: id })));
    await page.locator('.coin h2', { hasText: 'A long name of' }).waitFor();
    await page.locator('.movers .name', { hasText: 'A long name of' }).first().waitFor();
    const overhang = await page.evaluate(() =>
      [...document.querySelectorAll('.movers .side')].map((side) => {
        const ends = [...side.querySelectorAll('li button > :last-child')].map(
          (it) => it.getBoundingClientRect().right,
        );
        return Math.max(0, ...ends) - side.getBoundingClientRect().right;
      }),
    );
    expect(Math.max(...overhang)).toBeLessThanOrEqual(0);
  });

  it('has room for the button that ends a pause, on a phone', async () => {
    const { page } = await stage().open(30, { size: phone });
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    const strip = page.getByRole('region', { name: 'Source of the data' });
    await strip.getByText('Not live').waitFor();
    const inside = await strip.evaluate((element) => {
      const [outer, ...inner] = [element, ...element.querySelectorAll('button, .detail')].map((it) =>
        it.getBoundingClientRect(),
      );
      return inner.map(({ bottom }) => outer!.bottom - bottom);
    });
    expect(Math.min(...inside)).toBeGreaterThan(4);
  });
});
