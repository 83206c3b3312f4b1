import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Lake } from '../../src/web/contract.ts';
import { sampleLake } from '../support/web/sample-lake.ts';
import { desktop, phone, wall } from './support/browser.ts';
import { playing } from './support/playing.ts';

const stage = playing();

/** Opens the lake's page over a server that answers so. */
async function visit(answer: () => { status?: number; body: unknown }, size = desktop): Promise<Page> {
  const { harness, browser } = stage();
  await harness.feeder.report({ source: 'simulated' });
  const { url } = await harness.serve({ staticPath: browser.staticPath });
  const page = await browser.visit(url, { size });
  await page.route('**/api/lake', (route) => {
    const { status = 200, body } = answer();
    return route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) });
  });
  await page.getByRole('link', { name: 'Lake', exact: true }).click();
  return page;
}
const holding = (lake: Lake) => () => ({ body: lake });

describe('the lake’s page', () => {
  it('has an address of its own, and tells every table and its figures', async () => {
    const page = await visit(holding(sampleLake));
    const silver = page.locator('[data-table="silver/prices_hourly"]');
    await silver.waitFor();
    expect(new URL(page.url()).pathname).toBe('/lake');
    expect(await page.title()).toBe('Lake · Crypto Pulse');
    expect(await silver.locator('dd').allInnerTexts()).toEqual(['10,050', '96', '30', '812 kB']);
    expect(await silver.innerText()).toMatch(/1 Dec 2023, 00:00\s+14 Dec 2023, 23:00 UTC/);
    await silver.locator('dd').first().hover();
    await page.getByRole('tooltip').getByText('As of').waitFor();
    await silver.locator('summary').click();
    expect(await silver.locator('li').allInnerTexts()).toContain('market_cap\ndouble');
    const movers = page.locator('[data-table="gold/top_movers_24h"]');
    expect(await movers.innerText()).toMatch(/Not written yet/);
    expect(await movers.locator('dd').count()).toBe(0);
  });

  it('gives files to take home, with what they are to be checked and read by', async () => {
    const page = await visit(holding(sampleLake));
    const file = page.locator('[data-download="prices_hourly.parquet"]');
    const link = file.getByRole('link', { name: /Download.*prices_hourly\.parquet.*640 kB/ });
    expect(await link.getAttribute('href')).toBe('/api/lake/prices_hourly.parquet');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const clipboard = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
    await file.getByRole('button', { name: /Copy the DuckDB/ }).click();
    await file.getByText('Copied').waitFor();
    expect(await clipboard()).toBe(sampleLake.downloads[0]?.duckdb);
    await file.getByRole('button', { name: /Copy the SHA-256/ }).click();
    await page.waitForFunction(
      (hash) => navigator.clipboard.readText().then((text) => text === hash),
      sampleLake.downloads[0]?.sha256,
    );
    expect(await page.locator('[data-download="features_hourly.parquet"]').innerText()).toMatch(/Being computed/);
  });

  it('selects what the browser does not let it copy', async () => {
    const page = await visit(holding(sampleLake));
    await page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined });
    });
    const file = page.locator('[data-download="prices_hourly.parquet"]');
    await file.getByRole('button', { name: /Copy the DuckDB/ }).click();
    await file.getByText('Selected').waitFor();
    expect(await page.evaluate(() => window.getSelection()?.toString())).toBe(sampleLake.downloads[0]?.duckdb);
  });

  it('says how to make a lake where there is none, and how to write copies', async () => {
    let lake: Lake = {
      tables: sampleLake.tables.map((table) => ({ ...table, version: null })),
      downloads: [],
      problems: [],
    };
    const page = await visit(() => ({ body: lake }));
    await page.locator('[data-empty="lake"]').getByText('npx pulse sink').waitFor();
    lake = { ...sampleLake, downloads: [] };
    await page.reload();
    await page.locator('[data-empty="downloads"]').getByText('npx pulse lake export').waitFor();
  });

  it('keeps what it knows while the server does not tell', async () => {
    let isUp = true;
    const page = await visit(() => (isUp ? { body: sampleLake } : { status: 500, body: {} }));
    await page.locator('[data-table]').first().waitFor();
    isUp = false;
    await page.getByText('asked since in vain').waitFor();
    expect(await page.locator('[data-table]').count()).toBe(4);
    // It asks on: what it is answered counts until the page is gone.
    await page.close();
    stage().browser.complaints.length = 0;
  });

  it('is hurt by no name and no answer', async () => {
    const name = '<img src=x onerror=alert(1)>'.repeat(8);
    const table = { ...sampleLake.tables[1]!, name, columns: [{ name, type: name }] };
    const page = await visit(
      holding({ tables: [table], downloads: [{ ...sampleLake.downloads[0]!, name, duckdb: name }], problems: [] }),
    );
    await page.locator('[data-table] summary').click();
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(desktop.width);
    await page.route('**/api/lake', (route) => route.fulfill({ body: '<html>' }));
    await page.reload();
    await page.locator('[data-empty="failed"]').waitFor();
  });

  it.each([phone, desktop, wall])('fits a screen of $width px', async (size) => {
    const page = await visit(holding(sampleLake), size);
    await page.locator('[data-table]').first().waitFor();
    for (const summary of await page.locator('summary').all()) await summary.click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size.width);
  });
});
