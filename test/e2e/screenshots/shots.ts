import type { Page } from 'playwright-core';
import type { Tick } from '../../support/web/sample-ticks.ts';
import { sampleLake } from '../../support/web/sample-lake.ts';
import { sampleNames } from '../../support/web/sample-names.ts';
import { sampleTicks } from '../../support/web/sample-ticks.ts';
import type { WebHarness } from '../../support/web/web-harness.ts';
import type { Shot } from './shot.ts';
import { desktop, phone, type Size, wall } from '../support/browser.ts';
import { pipelineShots } from './pipeline-shots.ts';
import { replayShots } from './replay-shots.ts';
import { skewShots } from './skew-shots.ts';

const HOUR_MS = 3_600_000;
const laptop: Size = { width: 1440, height: 900 };
const every = [phone, desktop, wall];
const ticks = sampleTicks();
const begin = ticks[0]!.at;
const hours = (from: number, to: number): readonly Tick[] =>
  ticks.filter(({ at }) => at >= begin + from * HOUR_MS && at < begin + to * HOUR_MS);
const message = 'CoinGecko can’t be reached, so this is a recording: these are not live prices.';

const market =
  (until: number, report?: Parameters<WebHarness['feeder']['report']>[0]) =>
  async ({ feeder }: WebHarness): Promise<void> => {
    await feeder.publishNames(sampleNames());
    await feeder.publish(hours(0, until));
    const event_time = new Date(begin + (until - 0.4) * HOUR_MS).toISOString();
    await feeder.report(report ?? { source: 'recorded', event_time, speed: 1200, progress: until / 336, message });
    await feeder.reportStage({ stage: 'combine', topic: 'coingecko.markets', partition: 0 });
    await feeder.reportStage({ stage: 'maintain', topic: 'pulse.partials', partition: 0 });
  };
const fetched = (agoMs: number, change: object = {}) => ({
  ...{ source: 'coingecko' as const, interval_ms: 60_000, last_success_at: new Date(Date.now() - agoMs).toISOString() },
  ...change,
});
const lake =
  (body: object, status = 200) =>
  (page: Page) =>
    page.route('**/api/lake', (route) =>
      route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) }),
    );
const keys = async (page: Page, ...pressed: readonly string[]): Promise<void> => {
  for (const key of pressed) await page.keyboard.press(key);
};

/** Every page in every state that it can be in. */
export const shots: readonly Shot[] = [
  { name: 'market', sizes: [...every, laptop], arrange: market(160) },
  {
    name: 'market-live',
    sizes: [laptop],
    arrange: async (harness) => {
      await market(160, fetched(12_000))(harness);
    },
  },
  {
    name: 'market-compared',
    sizes: [phone, laptop],
    at: '/?coin=bitcoin&with=ethereum&with=solana&with=ripple&with=dogecoin',
    arrange: market(160),
  },
  {
    name: 'market-line-log',
    sizes: [laptop],
    at: '/?coin=solana&style=line&scale=log&range=all&sort=-ret_24h',
    arrange: market(160),
  },
  { name: 'market-day', sizes: [laptop], at: '/?coin=pepe&range=24h', arrange: market(160) },
  { name: 'market-early', sizes: [laptop], arrange: market(31) },
  { name: 'market-empty', sizes: every },
  {
    name: 'market-loading',
    sizes: every,
    arrange: market(30),
    prepare: (page) => page.routeWebSocket('**', () => undefined),
  },
  { name: 'market-unknown-coin', sizes: [laptop], at: '/?coin=nobody', arrange: market(30) },
  { name: 'market-no-match', sizes: [laptop], at: '/?q=zzz', arrange: market(30) },
  { name: 'market-none-watched', sizes: [laptop], at: '/?watched=1', arrange: market(30) },
  {
    name: 'market-paused',
    sizes: [phone, laptop],
    arrange: market(120),
    act: async (page, { feeder }) => {
      await page.getByRole('button', { name: 'Pause', exact: true }).click();
      await feeder.publish(hours(120, 121));
    },
  },
  {
    name: 'market-stale',
    sizes: [phone, laptop],
    arrange: async (harness) => {
      await market(120, fetched(754_000, { state: 'failing', message: 'It answers 429: too many requests.' }))(harness);
    },
  },
  { name: 'market-lost', sizes: [phone, laptop], arrange: market(120), act: (_page, _harness, stop) => stop() },
  {
    name: 'market-corrected',
    sizes: [laptop],
    at: '/?coin=bitcoin&range=3d',
    arrange: market(120),
    act: async (page, { feeder }) => {
      const late = hours(100, 101).find(({ coin }) => coin === 'bitcoin')!;
      await feeder.publish([{ ...late, at: begin + 101 * HOUR_MS - 1, price: late.price * 1.02 }]);
      await page.waitForFunction(() => document.querySelector<HTMLElement>('.chart')?.dataset['corrected'] === '1');
      await page.mouse.move(1000, 300);
    },
  },
  {
    name: 'market-explained',
    sizes: [phone, laptop],
    arrange: market(120),
    act: async (page) => {
      await page.locator('tbody [data-column="coin"]').nth(3).focus();
      await keys(page, 'ArrowRight', 'ArrowRight', 'ArrowRight');
    },
  },
  {
    name: 'market-picker',
    sizes: [phone, laptop],
    at: '/?with=solana',
    arrange: market(120),
    act: async (page) => {
      await page.getByRole('button', { name: 'Compare another coin' }).click();
      await page.keyboard.type('b');
    },
  },
  {
    name: 'market-thousand',
    sizes: [laptop],
    arrange: async ({ feeder }) => {
      const names = Array.from({ length: 1000 }, (_, i) => ({
        id: `coin-${i}`,
        name: `Simulated Coin ${i}`,
        symbol: `sim${i}`,
      }));
      await feeder.publishNames(names);
      for (let hour = 0; hour < 26; hour++)
        await feeder.publish(
          names.map(({ id }, i) => ({
            coin: id,
            at: begin + hour * HOUR_MS,
            price: (1000 / (i + 1)) * (1 + 0.03 * Math.sin(hour / 4 + i)),
            volume: 1e9 / (i + 1),
          })),
        );
      await feeder.report({
        source: 'simulated',
        event_time: new Date(begin + 26 * HOUR_MS).toISOString(),
        speed: 3600,
      });
    },
  },
  {
    name: 'market-hostile',
    sizes: [phone, laptop],
    arrange: async ({ feeder }) => {
      const coins = ['<img src=x onerror=alert(1)>', 'x'.repeat(300), '\u202eevil', '../../etc/passwd', 'ok'];
      await feeder.publish(
        coins.map((coin, i) => ({ coin, at: begin, price: 10 ** (i * 9 - 12), volume: 10 ** (20 - i) })),
      );
    },
  },
  { name: 'shortcuts', sizes: [laptop], arrange: market(120), act: (page) => page.keyboard.press('?') },
  { name: 'lake', sizes: [...every, laptop], at: '/lake', arrange: market(30), prepare: lake(sampleLake) },
  {
    name: 'lake-schema',
    sizes: [laptop],
    at: '/lake',
    arrange: market(30),
    prepare: lake(sampleLake),
    act: async (page) => {
      for (const summary of await page.locator('summary').all()) await summary.click();
    },
  },
  {
    name: 'lake-empty',
    sizes: [phone, laptop],
    at: '/lake',
    prepare: lake({ tables: [], downloads: [], problems: [] }),
  },
  { name: 'lake-failed', sizes: [laptop], at: '/lake', prepare: lake({}, 500) },
  { name: 'lake-loading', sizes: [laptop], at: '/lake', prepare: (page) => page.route('**/api/lake', () => undefined) },
  ...pipelineShots,
  ...replayShots,
  ...skewShots,
];
