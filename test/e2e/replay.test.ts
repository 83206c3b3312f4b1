import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { ReplayState } from '../../src/web/replay-contract.ts';
import type { ReplayReader } from '../../src/web/server/replay/replay-reader.ts';
import { sampleReplays } from '../support/web/sample-replays.ts';
import { desktop, phone, wall } from './support/browser.ts';
import { shows } from './support/pipeline-page.ts';
import { playing } from './support/playing.ts';
import { violations } from './support/violations.ts';

const stage = playing();

/** Opens the page over a server that finds these replays, whichever they are when it is asked. */
async function visit(replays: () => readonly ReplayState[], size = desktop): Promise<Page> {
  const { harness, browser } = stage();
  const reader: ReplayReader = { read: () => Promise.resolve({ replays: replays(), problems: [] }) };
  const { url } = await harness.serve({ staticPath: browser.staticPath, replays: reader });
  return browser.visit(url, { size, query: 'replay' });
}

describe('the page of replays', () => {
  it('says what to run where there is none, with a line to copy', async () => {
    const page = await visit(() => []);
    await shows(page.locator('[data-empty="replay"]'), /npx pulse replay --diff/);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy the command', exact: true }).click();
    await page.locator('button[data-said="Copied"]').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('npx pulse replay --diff');
    expect(await page.title()).toBe('Replay · Crypto Pulse');
  });

  it('shows how far one is, as it goes on, and each of its partitions', async () => {
    const [running] = sampleReplays();
    let shown = running!;
    const page = await visit(() => [shown]);
    const card = page.locator('[data-replay="replay"]');
    await shows(card.locator('.state'), 'Running');
    await shows(card.locator('.percent'), '42 %');
    await shows(card.locator('[data-fact="Records a second"]'), '184,210');
    await shows(card.locator('[data-fact="Event time reached"]'), '5 Dec 2023, 09:10 UTC');
    await shows(card.locator('[data-fact="Time left"]'), '3 min 8 s');
    await card.locator('summary').click();
    expect(await card.locator('[data-partition]').count()).toBe(4);
    shown = { ...shown, done: shown.total, isRunning: false, finishedAt: Date.UTC(2024, 0, 2), leftMs: null };
    await shows(card.locator('.state'), 'Finished');
    await shows(card.locator('.percent'), '100 %');
    await shows(card, /Not compared with the live tables yet/);
  });

  it('shows what the comparison found, side by side', async () => {
    const page = await visit(sampleReplays);
    const diff = page.locator('[data-replay="mended"] [data-diff="differ"]');
    await shows(diff.locator('.verdict'), /The tables differ, as compared at/);
    await shows(diff.locator('[data-table="prices"]'), /prices\s+240\s+239\s+238\s+1\s+1\s+0\s+3/);
    await shows(diff.locator('[data-field="features.ma_24"]'), /24/);
    await shows(diff.locator('.first tbody tr').first(), /prices bitcoin\|2023.*price\s+42000\.5\s+42000\.25/);
    await shows(diff.locator('.first'), /no such row/);
    await page.locator('[data-replay="same"] [data-diff="equal"]').waitFor();
    const busy = page.locator('[data-replay="busy"] [data-diff="partly-compared"]');
    await shows(busy.locator('.verdict'), /No difference in the rows .* Of movers nothing was compared/);
  });

  it.each([phone, desktop, wall])('fits a screen of $width px and has no violation', async (size) => {
    for (const found of [sampleReplays(), []]) {
      const page = await visit(() => found, size);
      await page.locator(found.length === 0 ? '[data-empty="replay"]' : '[data-diff="differ"]').waitFor();
      await page.waitForTimeout(300);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size.width);
      for (const theme of ['dark', 'light'] as const) {
        await page.evaluate((wanted) => (document.documentElement.dataset['theme'] = wanted), theme);
        expect(await violations(page)).toEqual([]);
      }
    }
  });
});
