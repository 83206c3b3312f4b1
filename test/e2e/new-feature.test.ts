import { cpSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { formatRatio } from '../../src/web/client/format/figure.ts';
import { declaredTables } from '../support/declared-tables.ts';
import { declaredTree } from '../support/new-feature-page.ts';
import { pulse, startPulse, temporaryFolder } from '../support/pulse.ts';
import { ready, until } from '../support/web/web-harness.ts';
import { TestBrowser, wall } from './support/browser.ts';
import { MarketPage } from './support/market-page.ts';

const SAMPLE = resolve('data/sample/market-2023-12.ndjson.gz');
const NAME = 'drawdown_7d';

let browser: TestBrowser;
beforeAll(async () => {
  browser = await TestBrowser.launch();
});
afterAll(() => browser.close());

it('a declared feature has its column, pane, figure and explanations on the page', async () => {
  const tree = declaredTree();
  cpSync(browser.staticPath, join(tree, 'dist', 'web'), { recursive: true });
  const env = { PULSE_DATA_DIR: temporaryFolder() };
  for (const args of [
    ['ingest', '--source', 'recorded', '--file', SAMPLE],
    ['process', '--until-caught-up'],
  ])
    expect(await pulse(args, env, tree)).toMatchObject({ code: 0 });
  const web = startPulse(['web', '--port', '0'], env, tree);
  const url = (await web.said(/http:\/\/[\d.]+:\d+/)).replace(/\/$/, '');
  await ready(url);

  const market = new MarketPage(await browser.visit(url, { size: wall, query: `?coin=solana&panes=${NAME}` }));
  const { page } = market;
  await market.showsCoins(30);
  const rows = [...declaredTables([SAMPLE]).features.values()] as readonly Record<string, number | string>[];
  const valueOf = (coin: string): number => rows.filter(({ coin_id: id }) => id === coin).at(-1)![NAME] as number;
  for (const coin of ['solana', 'bitcoin'])
    expect((await market.cell(coin, NAME).innerText()).trim()).toBe(formatRatio(valueOf(coin), true));
  expect(await page.getByRole('columnheader', { name: '7d dd' }).count()).toBe(1);

  await market.cell('bitcoin', NAME).hover();
  const tooltip = page.getByRole('tooltip');
  await tooltip.getByText('How far the price is below the highest of the last seven days.').waitFor();
  await tooltip.getByText(`${NAME} = P(h) / highest price over (h − 168h, h] − 1`).waitFor();
  expect(await tooltip.innerText()).toMatch(/Window\s+168 h\s+As of the hour\s+14 Dec 2023, 23:00 UTC/);
  const [, exact] = /Exact\s+(\S+)/.exec(await tooltip.innerText()) ?? [];
  expect(Number(exact)).toBeCloseTo(valueOf('bitcoin'), 12);

  const shown = formatRatio(valueOf('solana'), true);
  expect(await page.locator('.legend.pane').allInnerTexts()).toEqual([`Drawdown 7d ${shown}`]);
  const figure = page.locator('.figures div').filter({ hasText: 'Drawdown 7d' });
  expect((await figure.locator('dd').innerText()).trim()).toBe(shown);
  // The column sorts, and the pane goes when it is told to.
  await page.getByRole('columnheader', { name: '7d dd' }).getByRole('button').click();
  await until(() => market.query().get('sort') === `-${NAME}`, 'the address says how it is sorted');
  await page.mouse.move(0, 0);
  const sorted = (await market.coins()).map(valueOf);
  expect(sorted).toEqual([...sorted].sort((a, b) => b - a));
  expect(new Set(sorted).size).toBeGreaterThan(20);
  await page.getByRole('button', { name: 'Drawdown 7d', pressed: true }).click();
  await until(() => market.query().get('panes') === '', 'the address says that there is no pane');
  await page.locator('.legend.pane').waitFor({ state: 'detached' });
  expect(await browser.endVisits()).toEqual([]);
  web.child.kill('SIGINT');
  await web.ended;
});
