import type { Page } from 'playwright-core';
import { FastTime } from '../../support/web/fast-time.ts';
import { FlowPlayer } from '../../support/web/flow-player.ts';
import { sampleLake } from '../../support/web/sample-lake.ts';
import { hostileLetters, sampleLetters } from '../../support/web/sample-letters.ts';
import { sampleTicks } from '../../support/web/sample-ticks.ts';
import type { WebHarness } from '../../support/web/web-harness.ts';
import { desktop, phone, wall } from '../support/browser.ts';
import type { Shot } from './shot.ts';

const MINUTES_MS = 330_000;
const FACTOR = 60;
const ticks = sampleTicks();
const HOUR_MS = 3_600_000;
const begin = ticks[0]!.at;
const every = [phone, desktop, wall];
const lake = (page: Page) =>
  page.route('**/api/lake', (route) =>
    route.fulfill({ contentType: 'application/json', body: JSON.stringify(sampleLake) }),
  );

const players = new WeakMap<WebHarness, { readonly player: FlowPlayer; second: number }>();

/** The next second of the flow: for a while, a partition falls behind. */
async function second(harness: WebHarness): Promise<void> {
  const { feeder, time, log } = harness;
  const played = players.get(harness) ?? { player: new FlowPlayer(log, () => time.now()), second: 0 };
  players.set(harness, played);
  const at = played.second++;
  await played.player.second({
    quotes: 40 + 30 * Math.abs(Math.sin(at / 20)),
    taken: at > 200 && at < 290 ? 0.2 : 0.8,
    ticks: ticks.filter(({ at: ts }) => ts === begin + Math.floor(at / 4) * HOUR_MS).slice(at % 4, (at % 4) + 8),
  });
  const event_time = new Date(begin + (at * HOUR_MS) / 4).toISOString();
  const reported_at = new Date(time.now()).toISOString();
  await feeder.report({ source: 'recorded', event_time, speed: 1200, records: at * 40, reported_at });
}

/** Five minutes of a flow, in as many seconds. */
async function play(harness: WebHarness): Promise<void> {
  const { feeder, time } = harness;
  await feeder.append(...sampleLetters(34, 0), ...sampleLetters(3, 2));
  for (const end = Date.now(); time.now() < end;) {
    await second(harness);
    for (const due = time.now() + 1000; time.now() < Math.min(due, end);)
      await new Promise((wake) => setTimeout(wake, 5));
  }
}

/** And then as it goes. */
async function goOn(page: Page, harness: WebHarness, seconds = 8): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    await second(harness);
    await page.waitForTimeout(1000);
  }
}

const flow = {
  at: '/pipeline',
  harness: () => ({ time: new FastTime(MINUTES_MS, FACTOR), partitions: 4 }),
  server: ({ log, time }: WebHarness) => ({
    async disk() {
      const sinks = ['coingecko.markets', 'pulse.prices_hourly', 'pulse.features_hourly', 'pulse.top_movers_24h'].map(
        async (topic) => {
          const positions = new Map<number, number>();
          for (const partition of [0, 1, 2, 3]) {
            // It writes once a minute.
            const { end } = await log.bounds({ topic, partition });
            positions.set(partition, Math.max(0, end - Math.floor((time.now() / 1000) % 60)));
          }
          return { topic, positions };
        },
      );
      const stores = [
        { name: 'log' as const, bytes: 48_234_496 },
        { name: 'state' as const, bytes: 2_334_720 },
        { name: 'view' as const, bytes: 6_107_136 },
      ];
      return { stores, sinks: await Promise.all(sinks) };
    },
  }),
  play,
  prepare: lake,
};
const scrollTo = (page: Page, title: string): Promise<void> =>
  page
    .getByRole('heading', { name: title, level: 2 })
    .evaluate((element) => element.scrollIntoView({ block: 'start' }));

/** The pipeline's page in every state. */
export const pipelineShots: readonly Shot[] = [
  { ...flow, name: 'pipeline', sizes: every, isWhole: true, act: (page, harness) => goOn(page, harness) },
  { name: 'pipeline-empty', at: '/pipeline', sizes: [phone, desktop], isWhole: true },
  {
    name: 'pipeline-loading',
    at: '/pipeline',
    sizes: [phone, desktop],
    isWhole: true,
    prepare: async (page) => {
      await page.routeWebSocket('**', () => undefined);
      await page.route('**/api/**', () => undefined);
    },
  },
  {
    ...flow,
    name: 'pipeline-letter',
    sizes: [phone, desktop],
    act: async (page) => {
      await scrollTo(page, 'Dead letters');
      await page.locator('[data-letter] summary').filter({ hasText: 'no UTF-8' }).first().click();
      await page.locator('[data-hex]').waitFor();
    },
  },
  {
    ...flow,
    name: 'pipeline-tail',
    sizes: [phone, desktop],
    act: async (page, harness) => {
      await scrollTo(page, 'Live tail');
      const list = page.getByRole('listbox');
      await list.focus();
      for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowUp');
      await goOn(page, harness, 2);
    },
  },
  {
    ...flow,
    name: 'pipeline-hostile',
    at: '/pipeline?topic=pulse.dead_letters',
    sizes: [phone, desktop],
    play: async ({ feeder }) => {
      await feeder.append(...hostileLetters());
      await feeder.reportStage({
        stage: '<b>combine</b>',
        topic: 'x'.repeat(300),
        partition: 0,
        owner: `\u202e${'host'.repeat(80)}:1`,
      });
    },
    act: async (page) => {
      await scrollTo(page, 'Dead letters');
      for (const summary of await page.locator('[data-letter] summary').all()) await summary.click();
    },
  },
  {
    ...flow,
    name: 'pipeline-lost',
    sizes: [desktop],
    act: (_page, _harness, stop) => stop(),
  },
  {
    ...flow,
    name: 'pipeline-explained',
    sizes: [desktop],
    act: async (page, harness) => {
      await goOn(page, harness, 3);
      await page.locator('[data-topic="coingecko.markets"] [data-figure="lag"] dd').first().focus();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Shift+Tab');
    },
  },
];
