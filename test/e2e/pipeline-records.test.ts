import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hostileLetters, sampleLetters } from '../support/web/sample-letters.ts';
import { until } from '../support/web/web-harness.ts';
import { desktop, phone, type Size } from './support/browser.ts';
import { newest, numbered, tailed, visitPipeline } from './support/pipeline-page.ts';
import { playing } from './support/playing.ts';

const stage = playing();
const visit = (query?: string, size?: Size): Promise<Page> => visitPipeline(stage(), query, size);
const quotes = (count: number, from?: number): Promise<void> => stage().harness.feeder.append(...numbered(count, from));
const COMBINE = { stage: 'combine', topic: 'coingecko.markets', partition: 0 };

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
      expect((await page.locator('main').innerText()).replaceAll(/\s/g, '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
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
