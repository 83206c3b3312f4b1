import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { LabFolder } from '../../src/web/server/skew/lab-folder.ts';
import { sampleLab } from '../support/web/sample-lab.ts';
import { desktop, phone, wall } from './support/browser.ts';
import { playing } from './support/playing.ts';
import { shows } from './support/pipeline-page.ts';

const stage = playing();
const lab = sampleLab();

/** Opens the page over a folder that holds these files, the last one the newest. */
async function visit(
  files: Readonly<Record<string, unknown>>,
  size = desktop,
  query = '',
): Promise<Page & { folder: string }> {
  const { harness, browser } = stage();
  const folder = join(harness.folder(), 'skew-lab');
  lay(folder, files);
  const { url } = await harness.serve({ staticPath: browser.staticPath, skewLab: new LabFolder(folder) });
  return Object.assign(await browser.visit(url, { size, query: `skew${query}` }), { folder });
}
function lay(folder: string, files: Readonly<Record<string, unknown>>): void {
  mkdirSync(folder, { recursive: true });
  Object.entries(files).forEach(([name, content], second) => {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
    utimesSync(join(folder, name), 1_700_000_000 + second, 1_700_000_000 + second);
  });
}
const seeded = (seed: string) => ({ ...lab, spec: { ...lab.spec, seed } });

describe('the lab’s page', () => {
  it('shows the newest run: its headlines, its proof, and every task of every strategy', async () => {
    const page = await visit({ 'old.json': seeded('old'), 'new.json': lab });
    await page.locator('[data-headline]').first().waitFor();
    expect(await page.title()).toBe('Skew · Crypto Pulse');
    expect(await page.locator('[data-headline]').allInnerTexts()).toEqual(['57.2', '1.12', '1.41']);
    expect(await page.locator('.spec').innerText()).toMatch(
      /200,000 quotes of 845 bytes, 250 keys, one key with 90%; aggregate, 8 tasks, 40 waves, seed 1/,
    );
    expect(await page.locator('.proof').innerText()).toContain(lab.strategies[0]?.hash);
    const adaptive = page.locator('article[data-strategy="adaptive"]');
    expect(await adaptive.innerText()).toMatch(/Extra hop\s+151 ms/);
    expect(await adaptive.innerText()).toMatch(/Shuffle partitions\s+64 → 20/);
    // Sorted, and all on one axis: the busiest of all fills it.
    const widths = await page
      .locator('[data-bars="naive"] .track i')
      .evaluateAll((bars) => bars.map((bar) => parseFloat((bar as HTMLElement).style.width)));
    expect(widths[0]).toBeCloseTo(100);
    expect(widths).toEqual([...widths].sort((a, b) => b - a));
    const even = await page
      .locator('[data-bars="salted"] .track i')
      .first()
      .evaluate((bar) => parseFloat((bar as HTMLElement).style.width));
    expect(even).toBeCloseTo((100 * lab.strategies[1]!.busy.max) / lab.strategies[0]!.busy.max, 1);
    expect(await page.locator('[data-task]').count()).toBe(8);
    expect(await page.locator('[data-task="2"]').innerText()).toMatch(/182,107/);
    await page.locator('article[data-strategy="naive"] .headline').hover();
    await shows(page.getByRole('tooltip'), /max\s+6,674 ms\s+median\s+117 ms/);
  });

  it('lets one choose another, which the address keeps, and shows what comes meanwhile', async () => {
    const page = await visit({ 'a.json': seeded('one'), 'b.json': seeded('two') });
    await shows(page.locator('.spec'), /seed two/);
    await page.getByRole('combobox').selectOption('a.json');
    await shows(page.locator('.spec'), /seed one/);
    expect(new URL(page.url()).search).toBe('?run=a.json');
    await page.reload();
    await shows(page.locator('.spec'), /seed one/);
    // Just after it has asked, so that it asks for nothing that goes meanwhile.
    await page.waitForResponse((response) => response.url().endsWith('/api/skew-lab'));
    await page.waitForTimeout(1_000);
    rmSync(join(page.folder, 'a.json'));
    lay(page.folder, { 'b.json': seeded('two'), 'c.json': seeded('three') });
    await page.waitForTimeout(11_000);
    await shows(page.locator('.spec'), /seed three/);
  });

  it('tells every cell and share to the keyboard', async () => {
    const page = await visit({ 'a.json': lab });
    const map = page.getByRole('slider', { name: /naive: tasks by time/ });
    await map.focus();
    await page.keyboard.press('ArrowRight');
    for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowDown');
    const busy = lab.strategies[0]!.tasks[2]!.busyMsByWave[1]!;
    const cell = `task 2, wave 1: ${Math.round(busy)} ms`;
    await shows(page.locator('[data-map="naive"] [data-said]'), cell);
    expect(await map.getAttribute('aria-valuetext')).toBe(cell);
    const waits = page.getByRole('slider', { name: /Wait of the records/ });
    await waits.focus();
    for (let i = 0; i < 80; i++) await page.keyboard.press('ArrowRight');
    expect(await waits.getAttribute('aria-valuetext')).toMatch(
      /within [\d,]+ ms: naive 100.0%, salted 100.0%, adaptive 100.0%/,
    );
    await page.keyboard.press('Escape');
    await shows(page.locator('[data-map="naive"] [data-said]'), cell);
  });

  it('says how to make a report where there is none, and asks again by itself', async () => {
    const page = await visit({});
    await shows(page.locator('[data-empty="skew"]'), /npx pulse skew-lab/);
    lay(page.folder, { 'a.json': lab });
    await page.locator('[data-headline]').first().waitFor();
  });

  it('says when results differ, in words', async () => {
    const page = await visit({ 'a.json': { ...lab, isIdentical: false } });
    await shows(page.locator('.proof'), /The results differ: naive [0-9a-f]{16}/);
  });

  it('is hurt by no file', async () => {
    const evil = '<img src=x onerror=alert(1)>\u202e';
    const [naive, salted, adaptive] = lab.strategies;
    const key = evil + 'x'.repeat(900);
    const hostile = {
      ...lab,
      spec: { ...lab.spec, seed: key },
      strategies: [
        { ...naive!, latency: { ...naive!.latency, histogram: [] }, waves: [] },
        { ...salted!, busy: { ...salted!.busy, ratio: null, max: 1e300 }, tasks: salted!.tasks.slice(0, 1) },
        {
          ...adaptive!,
          decisions: [{ kind: 'salt', wave: 0, keys: Array(200).fill(key), before: null, after: 1e300 }],
        },
      ],
    };
    const page = await visit({ 'broken.json': '{', 'hostile.json': hostile });
    await page.locator('[data-headline]').first().waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('[data-headline]').nth(1).innerText()).toBe('∞');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(desktop.width);
    await page.getByRole('combobox').selectOption('broken.json');
    await shows(page.locator('[data-empty="problem"]'), /broken\.json can’t be shown: it is not JSON/);
  });

  const many = {
    ...lab,
    strategies: lab.strategies.map((strategy) => ({
      ...strategy,
      tasks: Array.from({ length: 256 }, (_, task) => ({ ...strategy.tasks[task % 8]!, task })),
    })),
  };
  it.each([phone, desktop, wall])('fits a screen of $width px, with few tasks or many', async (size) => {
    for (const report of [lab, many]) {
      const page = await visit({ 'a.json': report }, size);
      await page.locator('[data-headline]').first().waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size.width);
      const cut = await page
        .locator('dd, .ms, td, .said')
        .evaluateAll((found) => found.filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent));
      expect(cut).toEqual([]);
      const tab = await page.getByRole('link', { name: 'Skew', exact: true }).evaluate((link) => {
        const [own, nav] = [link.getBoundingClientRect(), link.closest('nav')!.getBoundingClientRect()];
        return own.left >= nav.left - 1 && own.right <= nav.right + 1;
      });
      expect(tab).toBe(true);
    }
  });
});
