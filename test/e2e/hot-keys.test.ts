import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { decided, hotReport } from '../support/web/hot-reports.ts';
import { desktop, phone, type Size, wall } from './support/browser.ts';
import { drawn } from './support/drawn.ts';
import { shows, visitPipeline } from './support/pipeline-page.ts';
import { playing } from './support/playing.ts';

const stage = playing();
const visit = (size?: Size): Promise<Page> => visitPipeline(stage(), '', size);
const AT = '2024-01-01T12:00:07.000Z';

describe('hot keys on the pipeline’s page', () => {
  it('show every partition’s heaviest key and its bounds, and what is salted as it changes', async () => {
    const { feeder } = stage().harness;
    await feeder.reportStage(hotReport(0));
    await feeder.reportStage(hotReport(1, { horizon: 0, heaviest: [] }));
    const page = await visit();
    const row = page.locator('[data-hot="0/0"]');
    await row.waitFor();
    expect(await row.locator('td').allInnerTexts()).toEqual(['bitcoin', '40–42%', '–', '–']);
    expect(await page.locator('[data-hot="1/0"]').innerText()).toMatch(/nothing came in/);
    await page.locator('[data-empty="decisions"]').waitFor();
    await shows(page.locator('[data-hot="summary"]'), /^None is salted/);

    const salted = [
      { key: 'ethereum', salts: 2 },
      { key: 'bitcoin', salts: 4 },
    ];
    await feeder.reportStage(hotReport(0, { salted, ...decided(AT, 'salt', 'bitcoin') }));
    await shows(row.locator('[data-column="salts"]'), '4 partitions');
    await shows(page.locator('[data-hot="summary"]'), /^2 keys salted/);
    expect(await page.locator('[data-hot="0/1"]').innerText()).toMatch(/ethereum\s+8–10%\s+2 partitions/);
    expect(await page.locator('[data-decision]').innerText()).toMatch(
      /12:00:07.*Salted.*bitcoin ×4 in 0.*7\.9×.*→.*1\.2×/s,
    );
  });

  it('explain their numbers to the keyboard: the share’s error, and what a decision was made by', async () => {
    await stage().harness.feeder.reportStage(hotReport(0, decided(AT, 'salt', 'bitcoin')));
    const page = await visit();
    await page.locator('[data-hot="0/0"] .weight').waitFor();
    await page.getByRole('region', { name: 'heaviest keys' }).focus();
    // What it scrolls for that closes an explanation, and is told with the next frame.
    await drawn(page);
    // Past the heads of five columns.
    for (let i = 0; i < 6; i++) await page.keyboard.press('Tab');
    await shows(page.getByRole('tooltip'), /At least\s+40\.00%\s+At most\s+42\.00%\s+Records\s+1,000/);
    for (let i = 0; i < 2; i++) await page.keyboard.press('Tab');
    await shows(page.getByRole('tooltip'), /Busiest\s+7,900 ms\s+Median\s+1,000 ms\s+max\/median\s+7\.9×/);
    const text = await page.getByRole('tooltip').innerText();
    expect(text).toMatch(/Predicted\s+1\.2×, busiest 1,180 ms/);
    expect(text).toMatch(/Its detour\s+2\.8 µs: sent 2\.2, received 0\.6/);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('tooltip').count()).toBe(0);
  });

  it('say why there is nothing, where no stage has reported', async () => {
    const page = await visit();
    expect(await page.locator('[data-empty="hot-keys"]').innerText()).toMatch(/pulse process/);
  });

  it.each([phone, desktop, wall])('of hostile names fit a screen of $width px', async (size) => {
    const { feeder } = stage().harness;
    const key = `<img src=x onerror=alert(1)>\u202e${'x'.repeat(300)}`;
    const salted = [{ key, salts: 4 }];
    const heaviest = [{ key, count: 1e300, error: 3 }];
    for (const partition of [0, 1])
      await feeder.reportStage(hotReport(partition, { salted, heaviest, ...decided(AT, 'un-salt', key, null) }));
    const page = await visit(size);
    await page.locator('[data-decision]').first().waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size.width);
    expect(await page.locator('[data-decision]').first().innerText()).toMatch(/Un-salted.*by its share/s);
  });
});
