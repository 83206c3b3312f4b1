import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { FlowPlayer } from '../support/web/flow-player.ts';
import { hostileLetters, sampleLetters } from '../support/web/sample-letters.ts';
import { until } from '../support/web/web-harness.ts';
import { desktop, phone, type Size, wall } from './support/browser.ts';
import { playing } from './support/playing.ts';

const stage = playing();

const COMBINE = { stage: 'combine', topic: 'coingecko.markets', partition: 0 };

/** Opens the page over the harness's log. */
async function visit(query = '', size: Size = desktop): Promise<Page> {
  const { harness, browser } = stage();
  const { url } = await harness.serve({ staticPath: browser.staticPath });
  const page = await browser.visit(url, { size, query: `pipeline${query}` });
  await page.getByText(/^As of/).waitFor();
  return page;
}
const edge = (page: Page, topic: string, reader: string): Locator =>
  page.locator(`[data-topic="${topic}"] [data-reader="${reader}"]`);
const figure = (page: Page, topic: string, reader: string, id: string): Locator =>
  edge(page, topic, reader).locator(`[data-figure="${id}"] dd`);
const shows = (locator: Locator, text: string | RegExp): Promise<void> =>
  until(async () => {
    const found = await locator.innerText();
    return typeof text === 'string' ? found === text : text.test(found);
  }, `it shows ${text}`);
const quotes = (count: number, from = 0): Promise<void> =>
  stage().harness.feeder.append(
    ...Array.from({ length: count }, (_, i) => ({
      ...{ topic: 'coingecko.markets', partition: 0, key: `coin-${from + i}` },
      value: `{"id":"coin-${from + i}","n":${(from + i) % 2}}`,
    })),
  );
const tailed = (page: Page): Promise<readonly number[]> =>
  page
    .locator('[role="option"]')
    .evaluateAll((rows) => rows.map((row) => Number((row as HTMLElement).dataset['offset'])));
const newest = (page: Page, offset: number): Promise<void> =>
  until(async () => (await tailed(page)).at(-1) === offset, `the tail’s newest record is ${offset}`);

describe('the flow', () => {
  it('has an address of its own, and tells every edge’s figures as they change', async () => {
    const { feeder } = stage().harness;
    await quotes(7);
    const page = await visit();
    expect(await page.title()).toBe('Pipeline · Crypto Pulse');
    expect(await page.locator('[data-reader]').count()).toBe(9);
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
    const begin = Date.now();
    const at = (ms: number): string => new Date(begin + ms).toISOString();
    await feeder.reportStage({ ...COMBINE, owner: 'a:1', reported_at: at(0), records: 10, busy_ms: 100 });
    await feeder.reportStage({ ...COMBINE, partition: 1, owner: 'b:2', reported_at: at(-60_000) });
    const page = await visit();
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
    await page.waitForTimeout(300);
    await page.locator('[data-store="log"] dd').hover();
    await page.getByRole('tooltip').getByText('on the brokers of a cluster').waitFor();
  });

  it('is drawn without a figure, and says what comes next, where nothing has begun', async () => {
    const page = await visit();
    for (const empty of ['tasks', 'rebalances', 'letters', 'tail'])
      await page.locator(`[data-empty="${empty}"]`).waitFor();
    await page.getByText('No ingest has reported yet', { exact: false }).first().waitFor();
    expect(await page.locator('[data-empty="tasks"]').innerText()).toMatch(/npx pulse process/);
    expect(await page.locator('[data-node="Dead letters"]').innerText()).toMatch(/None/);
    expect(await figure(page, 'pulse.partials', 'maintain', 'p95').innerText()).toBe('–');
  });
});

describe('dead letters', () => {
  const letters = (page: Page): Promise<readonly (string | null)[]> =>
    page.locator('[data-letter]').evaluateAll((found) => found.map((one) => one.getAttribute('data-letter')));
  const paged = (page: Page, first: string): Promise<void> =>
    until(async () => (await letters(page))[0] === first, `the page begins with ${first}`);

  it('are paged without a gap or a double, over all partitions and in one, and stay in place as more come', async () => {
    const { feeder } = stage().harness;
    await feeder.append(...sampleLetters(25, 0), ...sampleLetters(20, 1));
    const page = await visit();
    await page.locator('[data-letter]').first().waitFor();
    const seen = new Set(await letters(page));
    expect(seen.size).toBe(20);
    const older = page.getByRole('button', { name: 'Older' });
    const second = async (): Promise<void> => {
      const [first] = await letters(page);
      await older.click();
      await until(async () => (await letters(page))[0] !== first, 'the next page is there');
      for (const letter of await letters(page)) seen.add(letter);
    };
    await second();
    await second();
    expect(seen.size).toBe(45);
    expect(await older.isDisabled()).toBe(true);
    const before = await letters(page);
    await feeder.append(...sampleLetters(3, 1));
    await page.getByText('3 more since').waitFor();
    expect(await letters(page)).toEqual(before);
    await page.getByRole('button', { name: 'Show the newest' }).click();
    await paged(page, '1/22');
    await page.getByLabel('Partition of the dead letters').selectOption({ label: 'Partition 0 (25)' });
    await paged(page, '0/24');
    expect(new URL(page.url()).searchParams.get('letters')).toBe('0');
    await older.click();
    await paged(page, '0/4');
    expect(await older.isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Newer' }).click();
    await paged(page, '0/24');
  });

  it('tell their reason, where they lay and their bytes, as text and in hexadecimal', async () => {
    const { feeder } = stage().harness;
    await feeder.append(...sampleLetters(5, 1));
    const page = await visit();
    const binary = page.locator('[data-letter="1/3"]');
    await binary.locator('summary').click();
    await binary.locator('[data-hex]').waitFor();
    expect(await binary.locator('[data-hex]').innerText()).toMatch(/^00000000 {2}00 ef de cd bc ab/);
    expect(await binary.innerText()).toMatch(/The first 1,024 of 65,536 bytes/);
    await binary.getByRole('button', { name: 'Text' }).click();
    await binary.getByText('These bytes are not text').waitFor();
    const text = page.locator('[data-letter="1/0"]');
    expect(await text.locator('summary').innerText()).toMatch(/not-json\s+it is not JSON: Unexpected end.*\s+41 B/);
    await text.locator('summary').click();
    await text.getByText('coingecko.markets[1] @ 1000').waitFor();
    expect(await text.locator('pre').innerText()).toBe('{"id":"bitcoin","current_price":43120.5,"');
    await text.getByRole('button', { name: 'Hex' }).click();
    await text.getByText('7b 22 69 64', { exact: false }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      text.getByRole('link', { name: /Download/ }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('dead-letter-1-0.bin');
  });

  it('show by themselves where there were none', async () => {
    const page = await visit();
    await page.locator('[data-empty="letters"]').waitFor();
    await stage().harness.feeder.append(...sampleLetters(1, 0));
    await paged(page, '0/0');
  });

  it('and names in reports do no harm, whatever is in them', async () => {
    const { feeder } = stage().harness;
    await feeder.append(...hostileLetters());
    const owner = `\u202e<img src=x>${'host'.repeat(200)}`;
    await feeder.reportStage({ ...COMBINE, stage: '<b>combine</b>', owner });
    await feeder.reportStage({ ...COMBINE, stage: '<b>combine</b>', owner: '\u202eother' });
    for (const size of [desktop, phone]) {
      const page = await visit('?topic=pulse.dead_letters', size);
      await page.locator('[data-letter]').nth(3).waitFor();
      for (const summary of await page.locator('[data-letter] summary').all()) await summary.click();
      await newest(page, 3);
      for (const row of await page.locator('[role="option"]').all()) await row.click();
      expect(await page.locator('img, main b:not([data-task] b)').count()).toBe(0);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size.width);
      expect(await page.locator('main').innerText()).not.toMatch(/[\u202a-\u202e\u200b\u0000\u001b]/);
      expect(await page.title()).toBe('Pipeline · Crypto Pulse');
    }
  });
});

describe('the live tail', () => {
  it('follows the topic that is chosen, finds what is filtered for, and an address holds both', async () => {
    const { feeder } = stage().harness;
    await quotes(10);
    const page = await visit();
    await newest(page, 9);
    await quotes(5, 10);
    await newest(page, 14);
    await page.getByRole('searchbox').fill('"n":1');
    await until(async () => (await tailed(page)).every((offset) => offset % 2 === 1), 'the filter has found its own');
    await quotes(5, 15);
    await newest(page, 19);
    expect((await tailed(page)).every((offset) => offset % 2 === 1)).toBe(true);
    await page.getByRole('searchbox').fill('nowhere');
    await page.locator('[data-empty="tail"]').getByText('None of the newest records has “nowhere”').waitFor();
    await page.getByLabel('Topic to follow').selectOption('pulse.tasks');
    await page.getByRole('searchbox').fill('');
    await feeder.reportStage({ ...COMBINE, owner: 'somebody:1' });
    await page.locator('[role="option"]').getByText('somebody:1', { exact: false }).waitFor();
    expect(new URL(page.url()).search).toBe('?topic=pulse.tasks');
    await page.reload();
    await page.locator('[role="option"]').getByText('somebody:1', { exact: false }).waitFor();
  });

  it('stays as it is while it is paused or scrolled back, counts what comes, and jumps to it', async () => {
    await quotes(100);
    const page = await visit();
    await newest(page, 99);
    await page.getByRole('button', { name: 'Pause the tail' }).click();
    await quotes(12, 100);
    await page.getByRole('button', { name: '12 newer, jump to the latest' }).waitFor();
    expect((await tailed(page)).at(-1)).toBe(99);
    await page.getByRole('button', { name: 'Pause the tail' }).click();
    await newest(page, 111);
    const list = page.getByRole('listbox');
    await quotes(60, 112);
    await newest(page, 171);
    await list.evaluate((element) => (element.scrollTop = 40));
    await page.getByRole('button', { name: 'Jump to the latest' }).waitFor();
    const seen = await tailed(page);
    await quotes(5, 172);
    const jump = page.getByRole('button', { name: '5 newer, jump to the latest' });
    await jump.waitFor();
    expect(await tailed(page)).toEqual(seen);
    expect(await list.evaluate(({ scrollTop }) => scrollTop)).toBe(40);
    await jump.click();
    await newest(page, 176);
    await until(
      () => list.evaluate((e) => e.scrollHeight - e.scrollTop - e.clientHeight < 24),
      'the newest is in sight',
    );
  });

  it('is bounded, and says how much came too fast', async () => {
    const page = await visit();
    for (let i = 0; i < 8; i++) {
      await quotes(100, i * 100);
      await page.waitForTimeout(120);
    }
    await newest(page, 799);
    expect((await tailed(page)).length).toBeLessThanOrEqual(250);
    await page.getByText(/\d+ of at most 250 records; \d+ came too fast to be shown/).waitFor();
  });

  it('shows a whole record, with its headers, to the keyboard alone', async () => {
    const { feeder } = stage().harness;
    await quotes(3);
    await feeder.append({
      ...{ topic: 'coingecko.markets', partition: 0, key: 'bitcoin', value: '{"id":"bitcoin","price":[1,2]}' },
      headers: { source: 'recorded' },
    });
    const page = await visit();
    await newest(page, 3);
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search');
    await page.keyboard.type('bit');
    await until(async () => (await tailed(page)).length === 1, 'the filter has found it');
    await page.keyboard.press('Escape');
    await until(async () => (await tailed(page)).length === 4, 'the filter is cleared');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Pause the tail' }).focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('listbox');
    await page.keyboard.press('ArrowUp');
    const record = page.locator('[data-record="0:3"]');
    await record.waitFor();
    expect(await record.innerText()).toMatch(/source\s+recorded/);
    expect(await record.locator('pre').innerText()).toBe('{\n  "id": "bitcoin",\n  "price": [\n    1,\n    2\n  ]\n}');
    await page.keyboard.press('ArrowUp');
    await page.locator('[data-record="0:2"]').waitFor();
    await quotes(2, 4);
    await page.getByRole('button', { name: '2 newer, jump to the latest' }).waitFor();
    await page.keyboard.press('Escape');
    await newest(page, 5);
    expect(await page.locator('[data-record]').count()).toBe(0);
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
