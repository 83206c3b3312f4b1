import type { Page } from 'playwright-core';
import { FastTime } from '../../support/web/fast-time.ts';
import { FlowPlayer } from '../../support/web/flow-player.ts';
import { sampleLake } from '../../support/web/sample-lake.ts';
import { hostileLetters, sampleLetters } from '../../support/web/sample-letters.ts';
import { sampleTicks } from '../../support/web/sample-ticks.ts';
import type { WebHarness } from '../../support/web/web-harness.ts';
import { desktop, phone, wall } from '../support/browser.ts';
import type { Shot } from './shots.ts';

const MINUTES_MS = 330_000;
const FACTOR = 60;
const ticks = sampleTicks();
const begin = ticks[0]!.at;
const every = [phone, desktop, wall];
const lake = (page: Page) =>
  page.route('**/api/lake', (route) =>
    route.fulfill({ contentType: 'application/json', body: JSON.stringify(sampleLake) }),
  );

/** Five minutes of a flow, in as many seconds: a partition falls behind towards the end. */
async function play({ log, feeder, time }: WebHarness): Promise<void> {
  const player = new FlowPlayer(log, () => time.now());
  await feeder.append(...sampleLetters(34, 0), ...sampleLetters(3, 2));
  const end = Date.now();
  for (let second = 0; time.now() < end; second++) {
    const isStraggling = second > 200 && second < 290;
    await player.second({
      quotes: 40 + 30 * Math.abs(Math.sin(second / 20)),
      taken: isStraggling ? 0.2 : 0.8,
      ticks: ticks
        .filter(({ at }) => at === begin + Math.floor(second / 4) * 3_600_000)
        .slice(second % 4, (second % 4) + 8),
    });
    await feeder.report({
      source: 'recorded',
      event_time: new Date(begin + second * 900_000).toISOString(),
      speed: 1200,
      records: second * 40,
      reported_at: new Date(time.now()).toISOString(),
    });
    const due = time.now() + 1000;
    while (time.now() < Math.min(due, end)) await new Promise((wake) => setTimeout(wake, 5));
  }
}

const flow = {
  at: '/pipeline',
  harness: () => ({ time: new FastTime(MINUTES_MS, FACTOR), partitions: 4 }),
  server: {
    disk: () =>
      Promise.resolve({
        stores: [
          { name: 'log' as const, bytes: 48_234_496 },
          { name: 'state' as const, bytes: 2_334_720 },
          { name: 'view' as const, bytes: 6_107_136 },
        ],
        sinks: ['pulse.prices_hourly', 'pulse.features_hourly', 'pulse.top_movers_24h', 'coingecko.markets'].map(
          (topic) => ({
            topic,
            positions: new Map([0, 1, 2, 3].map((partition) => [partition, 40])),
          }),
        ),
      }),
  },
  play,
  prepare: lake,
};
const scrollTo = (page: Page, title: string): Promise<void> =>
  page.getByRole('heading', { name: title, level: 3 }).evaluate((element) => element.scrollIntoView({ block: 'start' }));

/** The pipeline's page in every state. */
export const pipelineShots: readonly Shot[] = [
  { ...flow, name: 'pipeline', sizes: every, isWhole: true, act: (page) => page.waitForTimeout(4000) },
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
      await page.locator('[data-letter]').nth(3).locator('summary').click();
      await page.locator('[data-hex]').waitFor();
    },
  },
  {
    ...flow,
    name: 'pipeline-tail',
    sizes: [phone, desktop],
    act: async (page, { log, time }) => {
      const player = new FlowPlayer(log, () => time.now());
      await scrollTo(page, 'Live tail');
      const list = page.getByRole('listbox');
      await list.focus();
      for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowUp');
      await player.second();
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
    act: async (page) => {
      await page.waitForTimeout(2500);
      await page.locator('[data-topic="coingecko.markets"] [data-figure="lag"] dd').first().focus();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Shift+Tab');
    },
  },
];
