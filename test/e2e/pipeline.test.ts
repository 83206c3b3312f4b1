import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { FlowPlayer } from '../support/web/flow-player.ts';
import { sampleLetters } from '../support/web/sample-letters.ts';
import { desktop, phone, type Size, wall } from './support/browser.ts';
import { drawn } from './support/drawn.ts';
import { figure, newest, numbered, shows, tailed, visitPipeline } from './support/pipeline-page.ts';
import { playing } from './support/playing.ts';

const stage = playing();
const visit = (query?: string, size?: Size): Promise<Page> => visitPipeline(stage(), query, size);
const quotes = (count: number, from?: number): Promise<void> => stage().harness.feeder.append(...numbered(count, from));
const COMBINE = { stage: 'combine', topic: 'coingecko.markets', partition: 0 };

describe('the flow', () => {
  it('has an address of its own, and tells every edge’s figures as they change', async () => {
    const { feeder } = stage().harness;
    await quotes(7);
    const page = await visit();
    expect(await page.title()).toBe('Pipeline · Crypto Pulse');
    expect(await page.locator('[data-reader]').count()).toBe(10);
    await shows(figure(page, 'coingecko.markets', 'combine', 'lag'), '7');
    const position = (offset: number): Promise<void> =>
      feeder.append({
        ...{ topic: 'pulse.positions', partition: 0, key: 'combine|coingecko.markets|0' },
        value: JSON.stringify({ offset }),
      });
    await position(5);
    await shows(figure(page, 'coingecko.markets', 'combine', 'lag'), '2');
    expect(await figure(page, 'coingecko.markets', 'combine', 'behind').innerText()).toMatch(/^≥ \d/);
    await position(7);
    await shows(figure(page, 'coingecko.markets', 'combine', 'lag'), '0');
    expect(await figure(page, 'coingecko.markets', 'combine', 'behind').innerText()).toBe('0 s');
    expect(await figure(page, 'coingecko.markets', 'combine', 'rate').innerText()).toMatch(/^[1-9<]\S*\/s$/);
    // Nobody has written the lake: that is no lag of nought.
    expect(await figure(page, 'coingecko.markets', 'lake', 'lag').innerText()).toBe('–');
    await figure(page, 'coingecko.markets', 'lake', 'lag').hover();
    await page.getByRole('tooltip').getByText('nobody has written this table yet').waitFor();
    await page.mouse.move(0, 0);
    await figure(page, 'coingecko.markets', 'combine', 'lag').hover();
    await page
      .getByRole('tooltip')
      .getByText(/markers of transactions/)
      .waitFor();
  });

  it('tells partitions with their owners, how busy they are, who is silent, and rebalances', async () => {
    const { feeder } = stage().harness;
    const page = await visit();
    // What is silent soon is not told before the page is there.
    const begin = Date.now();
    const at = (ms: number): string => new Date(begin + ms).toISOString();
    await feeder.reportStage({ ...COMBINE, owner: 'a:1', reported_at: at(0), records: 10, busy_ms: 100 });
    await feeder.reportStage({ ...COMBINE, partition: 1, owner: 'b:2', reported_at: at(-60_000) });
    const row = page.locator('[data-task="combine/0"]');
    await row.waitFor();
    const more = { records: 30, busy_ms: 600, commit_ms: 17 };
    await feeder.reportStage({ ...COMBINE, owner: 'a:1', reported_at: at(2000), ...more });
    await shows(row.locator('td').last(), '30');
    expect(await row.locator('td').allInnerTexts()).toEqual(['a:1', '25%', '10/s', '0', '17 ms', '17 ms', '30']);
    expect(await page.locator('[data-task="combine/1"]').innerText()).toMatch(/silent 1 min/);
    expect(await page.locator('[data-node="Combine"]').innerText()).toMatch(/1 of 2 silent/);
    await page.locator('[data-empty="rebalances"]').waitFor();
    await feeder.reportStage({ ...COMBINE, owner: 'c:3' });
    const rebalances = page.getByRole('region', { name: 'Rebalances' });
    await shows(rebalances, /combine 0\s+a:1\s+to\s+→\s+c:3/);
    await shows(row.locator('[data-column="owner"]'), 'c:3');
  });

  it('tells what the stores take of the disk, and says why where it does not know', async () => {
    const { harness, browser } = stage();
    const disk = () => Promise.resolve({ stores: [{ name: 'state' as const, bytes: 2_334_720 }], sinks: [] });
    const { url } = await harness.serve({ staticPath: browser.staticPath, disk });
    const page = await browser.visit(url, { query: 'pipeline' });
    await shows(page.locator('[data-store="state"] dd'), '2.33 MB');
    expect(await page.locator('[data-store="log"] dd').innerText()).toBe('–');
    // An explanation goes with what is scrolled.
    await page.locator('[data-store="log"] dd').scrollIntoViewIfNeeded();
    await drawn(page);
    await page.locator('[data-store="log"] dd').hover();
    await page.getByRole('tooltip').getByText('on the brokers of a cluster').waitFor();
  });

  it('is drawn without a figure, and says what comes next, where nothing has begun', async () => {
    const page = await visit();
    for (const empty of ['tasks', 'rebalances', 'hot-keys', 'letters', 'tail'])
      await page.locator(`[data-empty="${empty}"]`).waitFor();
    await page.getByText('No ingest has reported yet', { exact: false }).first().waitFor();
    expect(await page.locator('[data-empty="tasks"]').innerText()).toMatch(/npx pulse process/);
    expect(await page.locator('[data-node="Dead letters"]').innerText()).toMatch(/None/);
    expect(await figure(page, 'pulse.partials', 'maintain', 'p95').innerText()).toBe('–');
  });
});

describe('the page', () => {
  it('asks again for all that it follows when the server is back, and keeps what it knew meanwhile', async () => {
    const { harness, browser } = stage();
    await quotes(3);
    const server = await harness.serve({ staticPath: browser.staticPath });
    const page = await browser.visit(server.url, { query: 'pipeline' });
    await newest(page, 2);
    await shows(figure(page, 'coingecko.markets', 'combine', 'lag'), '3');
    await server.close();
    await page.getByText(/Trying again in/).waitFor();
    expect(await tailed(page)).toEqual([0, 1, 2]);
    expect(await page.locator('.page.market-data').evaluate((e) => getComputedStyle(e).filter)).toMatch(/saturate/);
    expect(await page.locator('.arrow.flowing').count()).toBe(0);
    await quotes(40, 3);
    await harness.serve({ staticPath: browser.staticPath, port: Number(new URL(server.url).port) });
    await page.getByText('the server had restarted').first().waitFor({ timeout: 30_000 });
    await newest(page, 42);
    await quotes(1, 43);
    await newest(page, 43);
    await shows(figure(page, 'coingecko.markets', 'combine', 'lag'), '44');
    const offsets = await tailed(page);
    // What could not be shown in between begins anew, rather than hide a gap.
    expect(offsets).toEqual(Array.from({ length: offsets.length }, (_, i) => 44 - offsets.length + i));
    browser.complaints.length = 0;
  });

  it('holds all of it while it is paused, and asks for nothing any more once another page is open', async () => {
    const { harness } = stage();
    await quotes(3);
    const page = await visit();
    await shows(figure(page, 'coingecko.markets', 'combine', 'lag'), '3');
    await newest(page, 2);
    await page.keyboard.press('p');
    await quotes(4, 3);
    await page.getByText(/[1-9]\d* updates? since, not shown/).waitFor();
    await page.waitForTimeout(2500);
    expect(await figure(page, 'coingecko.markets', 'combine', 'lag').innerText()).toBe('3');
    expect((await tailed(page)).at(-1)).toBe(2);
    await page.keyboard.press('p');
    await newest(page, 6);
    await shows(figure(page, 'coingecko.markets', 'combine', 'lag'), '7');
    await page.getByRole('link', { name: 'Market', exact: true }).click();
    await page.waitForTimeout(300);
    await page.getByRole('link', { name: 'Pipeline', exact: true }).click();
    await quotes(1, 7);
    await newest(page, 7);
    expect(harness.warnings).toEqual([]);
  });

  it.each([phone, desktop, wall])('fits a screen of $width px, and does not shift as it fills', async (size) => {
    const { harness } = stage();
    const player = new FlowPlayer(harness.log, Date.now, 2);
    await harness.feeder.append(...sampleLetters(30, 0));
    for (let i = 0; i < 3; i++) await player.second();
    const page = await visit('', size);
    const shift = page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let sum = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) sum += entry.value;
          }).observe({ type: 'layout-shift', buffered: true });
          setTimeout(() => resolve(sum), 3500);
        }),
    );
    for (let i = 0; i < 3; i++) {
      await player.second();
      await page.waitForTimeout(1000);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size.width);
    expect(await shift).toBeLessThan(0.1);
    // No figure is cut off.
    const cut = await page
      .locator('[data-reader] dd, [data-node] p, [data-store] dd')
      .evaluateAll((found) => found.filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent));
    expect(cut).toEqual([]);
  });
});
